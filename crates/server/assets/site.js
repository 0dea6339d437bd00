// 加上去的方便：拖放、粘贴、选了就核、打印。没有脚本，选文件、按“核对”同样能用。
(function () {
  document.documentElement.classList.add('js');
  var print = document.getElementById('print');
  if (print) print.addEventListener('click', function () { window.print(); });

  var form = document.getElementById('check');
  if (!form) return;
  var input = document.getElementById('file');
  var drop = document.getElementById('drop');
  var pick = drop.querySelector('.pick');
  var chosen = document.getElementById('chosen');
  var note = document.getElementById('say');
  var most = Number(form.dataset.most) * 1024 * 1024;
  var words = pick.textContent;

  function say(title, text) {
    note.hidden = false;
    note.querySelector('b').textContent = title;
    note.querySelector('span').textContent = text;
  }
  function rest() {
    drop.classList.remove('busy');
    pick.textContent = words;
    chosen.hidden = true;
    note.hidden = true;
  }
  function send() {
    var files = Array.prototype.slice.call(input.files);
    if (!files.length) return;
    var total = files.reduce(function (sum, f) { return sum + f.size; }, 0);
    if (total > most) {
      say('文件太大，没有送出', '一共 ' + Math.ceil(total / 1048576) + ' MB，最多 ' + form.dataset.most + ' MB。请只放自评表和报告，不放影像和佐证。');
      return;
    }
    if (navigator.onLine === false) {
      say('连不上服务器，文件还没有送出', '文件仍在您的电脑上。网络恢复后会自动继续，不用重新选择。');
      window.addEventListener('online', send, { once: true });
      return;
    }
    note.hidden = true;
    chosen.textContent = '';
    files.slice(0, 6).forEach(function (f) {
      var line = document.createElement('li');
      line.textContent = f.name;
      chosen.appendChild(line);
    });
    if (files.length > 6) {
      var line = document.createElement('li');
      line.textContent = '……共 ' + files.length + ' 个文件';
      chosen.appendChild(line);
    }
    chosen.hidden = false;
    pick.textContent = '正在核对';
    drop.classList.add('busy');
    form.submit();
  }
  function take(list) {
    var files = new DataTransfer();
    list.forEach(function (f) { files.items.add(f); });
    if (!files.files.length) return;
    input.files = files.files;
    send();
  }
  // A folder that was dropped is its files.
  function walk(entry) {
    return new Promise(function (done) {
      if (entry.isFile) return entry.file(function (f) { done([f]); }, function () { done([]); });
      var reader = entry.createReader();
      var all = [];
      (function more() {
        reader.readEntries(function (some) {
          if (!some.length) return Promise.all(all.map(walk)).then(function (lists) { done([].concat.apply([], lists)); });
          all = all.concat(Array.prototype.slice.call(some));
          more();
        }, function () { done([]); });
      })();
    });
  }

  input.addEventListener('change', send);
  drop.addEventListener('click', function (e) {
    if (!e.target.closest('label, input, button')) input.click();
  });
  // Back from the results: the page is as it was.
  window.addEventListener('pageshow', function () { rest(); input.value = ''; });
  window.addEventListener('paste', function (e) {
    var files = Array.prototype.slice.call((e.clipboardData || {}).files || []);
    if (files.length) { e.preventDefault(); take(files); return; }
    say('剪贴板里没有文件', '在文件夹里选中文件，按 Ctrl+C，再到这里按 Ctrl+V。');
  });
  var depth = 0;
  window.addEventListener('dragenter', function (e) { e.preventDefault(); depth += 1; drop.classList.add('over'); });
  window.addEventListener('dragleave', function () { depth -= 1; if (depth <= 0) { depth = 0; drop.classList.remove('over'); } });
  window.addEventListener('dragover', function (e) { e.preventDefault(); });
  window.addEventListener('drop', function (e) {
    e.preventDefault();
    depth = 0;
    drop.classList.remove('over');
    var items = Array.prototype.slice.call(e.dataTransfer.items || []);
    var entries = items.map(function (i) { return i.webkitGetAsEntry && i.webkitGetAsEntry(); }).filter(Boolean);
    if (!entries.length) return take(Array.prototype.slice.call(e.dataTransfer.files));
    Promise.all(entries.map(walk)).then(function (lists) {
      take([].concat.apply([], lists).filter(function (f) { return !/^(\.|~\$)/.test(f.name); }));
    });
  });
})();
