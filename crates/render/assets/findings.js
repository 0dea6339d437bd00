// 只加快捷键：J K 上下条，Enter 展开，1 2 3 切换级别。没有脚本，内容照样都在。
(function () {
  var all = Array.prototype.slice.call(document.querySelectorAll('.fd'));
  var at = -1;
  function shown(card) { return card.offsetParent !== null; }
  function go(step) {
    var next = at;
    do { next += step; } while (all[next] && !shown(all[next]));
    if (!all[next]) return;
    if (all[at]) all[at].classList.remove('here');
    at = next;
    var card = all[at];
    card.classList.add('here');
    card.querySelector('summary').focus({ preventScroll: true });
    var spot = document.getElementById(card.dataset.at || '');
    Array.prototype.forEach.call(document.querySelectorAll('.cur'), function (e) { e.classList.remove('cur'); });
    if (spot) { spot.classList.add('cur'); spot.scrollIntoView({ block: 'center' }); }
    card.scrollIntoView({ block: 'nearest' });
  }
  document.addEventListener('keydown', function (e) {
    if (e.ctrlKey || e.altKey || e.metaKey || e.isComposing) return;
    var tag = (e.target.tagName || '') + (e.target.type || '');
    if (/^(TEXTAREA|SELECT|INPUT(?!checkbox))/.test(tag)) return;
    var key = e.key.toLowerCase();
    if (key === 'j') go(1);
    else if (key === 'k') go(-1);
    else if (key === '1' || key === '2' || key === '3') document.getElementById('s' + 'EWH'[key - 1]).click();
    else return;
    e.preventDefault();
  });
  all.forEach(function (card, i) { card.addEventListener('focusin', function () { at = i; }); });
})();
