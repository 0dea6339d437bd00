// Files dropped on the page or pasted into it are sent as if they had been chosen; without this script the button does it.
const form = document.querySelector('[data-drop]');
const input = form.querySelector('input[type=file]');
const drop = form.querySelector('.drop');
const offline = form.querySelector('[data-offline]');
document.documentElement.classList.add('js');

const send = () => {
  if (!input.files.length || form.dataset.busy) return;
  if (!navigator.onLine) {
    offline.hidden = false;
    return;
  }
  offline.hidden = true;
  form.dataset.busy = '1';
  form.requestSubmit();
};
const take = files => {
  if (!files.length) return;
  input.files = files;
  send();
};

input.addEventListener('change', send);
addEventListener('online', send);
addEventListener('paste', e => take(e.clipboardData.files));
addEventListener('dragover', e => {
  e.preventDefault();
  drop.classList.add('over');
});
addEventListener('dragleave', e => {
  if (!e.relatedTarget) drop.classList.remove('over');
});
addEventListener('drop', e => {
  e.preventDefault();
  drop.classList.remove('over');
  take(e.dataTransfer.files);
});
// Back from the results: the page is as it was before.
addEventListener('pageshow', () => {
  delete form.dataset.busy;
  form.reset();
});
