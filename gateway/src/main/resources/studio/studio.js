// The first page: asks for a picture through the public API and shows how it comes about.

import {
  callApi,
  describeExecution,
  describeState,
  describeWithoutPicture,
  formField,
  isEnded,
  isNews,
  sizesOf,
} from '/studio-api.js';
import { editPicture, editRequest, loadTemplates } from '/studio-edit.js';

const byId = (id) => document.getElementById(id);
const form = byId('form');

let capabilities = null;
let shown = null; // the job on the stage
let events = null; // its event stream

// ---- the form -------------------------------------------------------------------------------

function fillSelect(select, values, chosen) {
  select.replaceChildren(
    ...values.map((value) => new Option(value, value, value === chosen, value === chosen)));
}

function card() {
  return capabilities.models.find((model) => model.id === byId('model').value);
}

function fillForm() {
  const model = card();
  const sizes = sizesOf(model);
  fillSelect(byId('width'), sizes, model.defaultWidth);
  fillSelect(byId('height'), sizes, model.defaultHeight);
  fillSelect(byId('sampler'), model.samplers, model.defaultSampler);
  const counts = Array.from({ length: capabilities.limits.maxCount.value }, (_, n) => n + 1);
  fillSelect(byId('count'), counts, 1);
  byId('steps').max = Math.min(model.maxSteps, capabilities.limits.maxSteps.value);
  byId('steps').value = model.defaultSteps;
  byId('guidanceScale').max = model.maxGuidanceScale;
  byId('guidanceScale').value = model.defaultGuidanceScale;
  showRanges();
  // A model that cannot edit leaves nothing to choose.
  byId('kinds').hidden = !model.abilities.kinds.includes('edit');
  if (byId('kinds').hidden) {
    form.elements.kind.value = 'text-to-image';
  }
  showKind();
}

function showRanges() {
  for (const id of ['steps', 'guidanceScale', 'strength']) {
    byId(`${id}-shown`).textContent = byId(id).value;
  }
  byId('brush-shown').textContent = `${byId('brush').value}% of the width`;
}

function isEdit() {
  return form.elements.kind.value === 'edit';
}

/** An edit has the size of its template. */
function showKind() {
  byId('edit').hidden = !isEdit();
  form.querySelectorAll('.of-new').forEach((field) => {
    field.hidden = isEdit();
  });
}

/** The request's JSON. The seed goes in as written: it may be too large for a number here. */
function requestText() {
  const number = (id) => Number(byId(id).value);
  const size = () => ({ width: number('width'), height: number('height') });
  const request = {
    ...(isEdit() ? editRequest() : { kind: 'text-to-image', ...size() }),
    model: byId('model').value,
    prompt: byId('prompt').value,
    negativePrompt: byId('negativePrompt').value,
    steps: number('steps'),
    guidanceScale: number('guidanceScale'),
    sampler: byId('sampler').value,
    count: number('count'),
  };
  const seed = byId('seed').value.trim();
  if (seed === '') {
    return JSON.stringify(request);
  }
  const written = /^(0|[1-9][0-9]*)$/.test(seed) ? seed : JSON.stringify(seed);
  return `${JSON.stringify(request).slice(0, -1)},"seed":${written}}`;
}

function clearErrors() {
  byId('failure').textContent = '';
  for (const field of form.elements) {
    field.removeAttribute('aria-invalid');
    field.removeAttribute('aria-describedby');
  }
  for (const place of form.querySelectorAll('.error')) {
    place.textContent = '';
  }
}

/** Puts each error beside its field, and what belongs to none below the picture. */
function showProblem(problem) {
  const placed = (problem.errors ?? []).filter((error) => {
    const field = formField(error.field);
    const place = byId(`${field}-error`);
    if (place === null) {
      return false;
    }
    place.textContent = error.message;
    byId(field).setAttribute('aria-invalid', 'true');
    byId(field).setAttribute('aria-describedby', place.id);
    return true;
  });
  if (placed.length === 0) {
    byId('failure').textContent = problem.detail;
  } else {
    byId(formField(placed[0].field)).focus();
  }
}

async function paint(event) {
  event.preventDefault();
  clearErrors();
  byId('paint').disabled = true;
  const answer = await callApi('/v1/jobs', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: requestText(),
  });
  byId('paint').disabled = false;
  if (answer.ok) {
    show(answer.body);
    showGallery();
  } else {
    showProblem(answer.body);
  }
}

// ---- the stage ------------------------------------------------------------------------------

/** Puts a job on the stage and follows it to its end. */
function show(job) {
  events?.close();
  shown = job;
  // So that the page shows the same job after it was loaded again.
  history.replaceState(null, '', `#${job.id}`);
  const { width, height } = job.request;
  const count = job.kind === 'recording' ? 0 : job.request.count;
  byId('pictures').replaceChildren(
    ...Array.from({ length: count }, () => {
      const blank = document.createElement('div');
      blank.className = 'blank';
      blank.style.aspectRatio = `${width} / ${height}`;
      const figure = document.createElement('figure');
      figure.append(blank, document.createElement('figcaption'));
      return figure;
    }));
  byId('details').textContent = '';
  byId('failure').textContent = '';
  update(job);
  if (!isEnded(job.state)) {
    follow(job.id);
  }
}

function follow(id) {
  events = new EventSource(`/v1/jobs/${id}/events`);
  events.addEventListener('step', (message) => {
    const step = JSON.parse(message.data);
    if (isEnded(shown.state)) {
      return;
    }
    shown.state = 'RUNNING';
    shown.progress = step;
    showProgress();
    if (step.preview) {
      const index = Number(/previews\/(\d+)/.exec(step.preview)[1]);
      setPicture(index, step.preview, 'The picture so far');
    }
  });
  events.addEventListener('state', async (message) => {
    const { state } = JSON.parse(message.data);
    if (isEnded(state)) {
      events.close();
      showGallery();
    }
    const answer = await callApi(`/v1/jobs/${id}`);
    if (answer.ok && isNews(shown, answer.body)) {
      update(answer.body);
    }
  });
}

/** The picture stays as it was until the new one is there, so that nothing flickers. */
function setPicture(index, address, description) {
  const figure = byId('pictures').children[index];
  const job = shown;
  const picture = new Image();
  picture.alt = description;
  picture.style.aspectRatio = `${job.request.width} / ${job.request.height}`;
  picture.onload = () => {
    const isOld = figure.dataset.final === 'yes' && address.includes('/previews/');
    if (shown.id === job.id && !isOld) {
      figure.firstElementChild.replaceWith(picture);
    }
  };
  picture.src = address;
  return figure;
}

function update(job) {
  shown = job;
  showProgress();
  job.images.forEach((image, index) => {
    const figure = setPicture(index, image.url, job.request.prompt);
    figure.dataset.final = 'yes';
    const save = document.createElement('a');
    save.href = image.url;
    save.download = '';
    save.textContent = 'Save';
    // A larger seed was rounded when it was read.
    const seed = Number.isSafeInteger(image.seed) ? `seed ${image.seed} · ` : '';
    figure.lastElementChild.replaceChildren(seed, save, ...editLink(job, image, index));
  });
  // Else what stands there, of a request that was refused for one, stays.
  if (job.error) {
    byId('failure').textContent = `${job.error.message} (${job.error.code})`;
  }
  if (isEnded(job.state)) {
    if (job.state !== 'SUCCEEDED') {
      byId('pictures').querySelectorAll('.blank').forEach((blank) => blank.style.animation = 'none');
    }
    byId('details').textContent = detailsOf(job);
  }
}

/** A way on from a picture, where there is one. */
function editLink(job, image, index) {
  if (byId('kinds').hidden) {
    return [];
  }
  const edit = document.createElement('button');
  edit.type = 'button';
  edit.className = 'link';
  edit.textContent = 'Edit';
  edit.addEventListener('click', async () => {
    form.elements.kind.value = 'edit';
    showKind();
    await editPicture(image.url, `${job.request.prompt.slice(0, 40)} ${index + 1}`);
    byId('edit').scrollIntoView({ block: 'start' });
  });
  return [' · ', edit];
}

function detailsOf(job) {
  const { prompt, steps, sampler, guidanceScale } = job.request;
  const parts = [`“${prompt}”`, `${steps} steps of ${sampler}`, `guidance ${guidanceScale}`];
  if (job.timings) {
    const { queued, prepared, denoised, decoded } = job.timings;
    parts.push(`${((queued + prepared + denoised + decoded) / 1000).toFixed(1)} s`);
  }
  const execution = describeExecution(job);
  return [...parts, ...(execution ? [execution] : []), ...job.warnings].join(' · ');
}

function showProgress() {
  const { stepsDone, stepsTotal } = shown.progress;
  const running = !isEnded(shown.state);
  byId('bar').hidden = !running;
  byId('bar').max = stepsTotal || 1;
  byId('bar').value = stepsDone;
  byId('cancel').hidden = !running;
  byId('cancel').disabled = false;
  byId('counted').textContent =
    stepsDone > 0 && shown.state !== 'SUCCEEDED' ? `${stepsDone} of ${stepsTotal} steps` : '';
  const words = describeState(shown);
  // Written only when it changes: a screen reader would say it again at every step.
  if (byId('state').textContent !== words) {
    byId('state').textContent = words;
  }
}

async function cancel() {
  byId('cancel').disabled = true;
  const answer = await callApi(`/v1/jobs/${shown.id}`, { method: 'DELETE' });
  if (!answer.ok) {
    byId('cancel').disabled = false;
    byId('failure').textContent = answer.body.detail;
  }
}

/**
 * While a job waits, its place in the queue changes without an event of its own; and a stream that
 * was refused does not come back by itself.
 */
async function refresh() {
  const unheard = shown?.state === 'QUEUED' || events?.readyState === EventSource.CLOSED;
  if (shown === null || isEnded(shown.state) || !unheard) {
    return;
  }
  const answer = await callApi(`/v1/jobs/${shown.id}`);
  if (answer.ok && isNews(shown, answer.body)) {
    update(answer.body);
  }
}

async function showLinked() {
  const id = location.hash.slice(1);
  if (id.startsWith('job_')) {
    const answer = await callApi(`/v1/jobs/${encodeURIComponent(id)}`);
    if (answer.ok) {
      show(answer.body);
    }
  }
}

// ---- the gallery ----------------------------------------------------------------------------

async function showGallery() {
  const answer = await callApi('/v1/jobs?limit=24');
  if (answer.ok) {
    byId('gallery').replaceChildren(...answer.body.items.map(galleryItem));
  }
}

function galleryItem(job) {
  const button = document.createElement('button');
  button.type = 'button';
  if (job.images.length > 0) {
    const picture = document.createElement('img');
    picture.src = job.images[0].url;
    picture.loading = 'lazy';
    picture.alt = '';
    button.append(picture);
  } else {
    const none = document.createElement('span');
    none.className = 'none';
    none.textContent = describeWithoutPicture(job);
    button.append(none);
  }
  const words = document.createElement('span');
  words.className = 'words';
  words.textContent = job.request.prompt;
  button.title = job.request.prompt;
  button.append(words);
  button.addEventListener('click', async () => {
    const answer = await callApi(`/v1/jobs/${job.id}`);
    if (answer.ok) {
      show(answer.body);
      byId('pictures').scrollIntoView({ block: 'center' });
    }
  });
  const item = document.createElement('li');
  item.append(button);
  return item;
}

// ---- the start ------------------------------------------------------------------------------

async function start() {
  const answer = await callApi('/v1/capabilities');
  const waiting = !answer.ok || answer.body.models.length === 0;
  byId('notice').hidden = !waiting;
  if (waiting) {
    byId('notice').textContent = answer.ok
      ? 'No worker has announced a model yet. This page goes on by itself when one does.'
      : answer.body.detail;
    setTimeout(start, 2000);
    return;
  }
  capabilities = answer.body;
  const ids = capabilities.models.map((model) => model.id);
  fillSelect(byId('model'), ids, capabilities.defaultModel ?? ids[0]);
  byId('model-field').hidden = ids.length < 2;
  fillForm();
  byId('paint').disabled = false;
}

form.addEventListener('submit', paint);
form.addEventListener('input', showRanges);
byId('kinds').addEventListener('change', showKind);
byId('model').addEventListener('change', fillForm);
byId('cancel').addEventListener('click', cancel);
byId('prompt').addEventListener('keydown', (event) => {
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
    form.requestSubmit();
  }
});
setInterval(refresh, 2000);
start();
loadTemplates();
showLinked();
showGallery();
