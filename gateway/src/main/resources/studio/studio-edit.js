// The part of the form that says what to edit: a template, and a mask painted over it.

import { callApi, editFields } from '/studio-api.js';
import { paintableMask } from '/studio-mask.js';

const byId = (id) => document.getElementById(id);

const mask = paintableMask(byId('mask'), () => ({
  width: Number(byId('brush').value) / 100,
  erases: byId('erase').checked,
}));

let templates = []; // as the API lists them, and those that were uploaded here
let chosen = null; // the one on the easel

function name(template) {
  return `${template.name ?? template.id.slice(0, 12)}, ${template.width} x ${template.height}`;
}

function showTemplates() {
  byId('template').replaceChildren(
    new Option('Choose one, or upload', '', chosen === null, chosen === null),
    ...templates.map((template) => {
      const isChosen = template.id === chosen?.id;
      return new Option(name(template), template.id, isChosen, isChosen);
    }));
}

/** Puts a template on the easel, with nothing painted. */
function choose(template) {
  chosen = template;
  byId('easel').hidden = template === null;
  if (template !== null) {
    const { width, height } = template;
    byId('edited').src = `/v1/templates/${encodeURIComponent(template.id)}/image`;
    byId('easel').style.aspectRatio = `${width} / ${height}`;
    mask.reset(width, height);
  }
  showTemplates();
}

/** Keeps a picture as a template and puts it on the easel. */
async function upload(file, fileName) {
  byId('template-error').textContent = '';
  const parts = new FormData();
  parts.append('image', file, fileName);
  parts.append('name', fileName);
  const answer = await callApi('/v1/templates', { method: 'POST', body: parts });
  if (!answer.ok) {
    byId('template-error').textContent = answer.body.detail;
    return;
  }
  templates = [answer.body, ...templates.filter((known) => known.id !== answer.body.id)];
  choose(answer.body);
}

export async function loadTemplates() {
  const answer = await callApi('/v1/templates?limit=50');
  if (answer.ok) {
    templates = answer.body.items;
    showTemplates();
  } else {
    byId('template-error').textContent = answer.body.detail;
  }
}

/** Puts a finished picture on the easel. */
export async function editPicture(address, fileName) {
  const picture = await fetch(address);
  await upload(await picture.blob(), fileName);
}

/** What an edit adds to a request. */
export function editRequest() {
  const strength = Number(byId('strength').value);
  return editFields(chosen, chosen === null ? null : mask.base64(), strength);
}

byId('template').addEventListener('change', () => {
  choose(templates.find((template) => template.id === byId('template').value) ?? null);
});
byId('upload').addEventListener('change', async () => {
  const [file] = byId('upload').files;
  if (file) {
    await upload(file, file.name);
    byId('upload').value = ''; // so that the same file can be chosen again
  }
});
byId('clear').addEventListener('click', mask.clear);
byId('fill').addEventListener('click', mask.fill);
