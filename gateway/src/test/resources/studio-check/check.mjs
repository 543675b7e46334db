// Checks what the page knows of the API. Arguments: the folder of the page, the gateway's address.

import assert from 'node:assert/strict';
import { copyFileSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [folder, gateway] = process.argv.slice(2);
// By its name alone node would not take it for a module.
const copy = join(mkdtempSync(join(tmpdir(), 'studio-')), 'studio-api.mjs');
copyFileSync(join(folder, 'studio-api.js'), copy);
const {
  callApi,
  describeExecution,
  describeWithoutPicture,
  editFields,
  formField,
  isNews,
} = await import(pathToFileURL(copy));

const job = (state, stepsDone = 0, id = 'job_1') => ({ id, state, progress: { stepsDone } });
assert.ok(isNews(job('QUEUED'), job('QUEUED')), 'its place in the queue may be new');
assert.ok(isNews(job('QUEUED'), job('SUCCEEDED')));
assert.ok(isNews(job('RUNNING', 3), job('RUNNING', 4)));
assert.ok(!isNews(job('RUNNING', 4), job('RUNNING', 3)));
assert.ok(!isNews(job('RUNNING'), job('QUEUED')));
assert.ok(!isNews(job('SUCCEEDED', 20), job('RUNNING', 20)), 'what has ended stays ended');
assert.ok(!isNews(job('QUEUED'), job('RUNNING', 1, 'job_2')), 'another job is on the stage');

const page = await callApi(`${gateway}/`);
assert.match(page.body.detail, /200/, 'an answer that is no JSON says its status');
const away = await callApi('http://127.0.0.1:1/');
assert.equal(away.ok, false);
assert.match(away.body.detail, /cannot be reached/);
const missing = await callApi(`${gateway}/v1/nothing`);
assert.equal(missing.body.code, 'not_found');

// What an edit asks for is what the API takes, as far as what it is told goes.
const ask = (fields) =>
  callApi(`${gateway}/v1/jobs`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ prompt: 'a hat', ...fields }),
  });
const fieldsOf = (problem) => problem.body.errors.map((error) => formField(error.field)).sort();
assert.deepEqual(fieldsOf(await ask(editFields(null, null, 1))), ['mask', 'template']);
assert.deepEqual(fieldsOf(await ask(editFields({ id: 'tpl_x' }, 'AAAA', 0.5))), ['mask', 'template']);
assert.deepEqual(fieldsOf(await ask({ ...editFields(null, null, 0) })), ['mask', 'strength', 'template']);

const edit = (execution) => ({ kind: 'edit', request: { mask: { ratio: 0.114 } }, execution });
assert.equal(describeExecution(edit({ mode: 'masked' })), 'masked, 12% of the picture');
assert.equal(describeExecution(edit({ mode: 'dense', reason: 'no recording' })), 'dense: no recording');
assert.equal(describeExecution({ kind: 'text-to-image', execution: { mode: 'dense' } }), null);
assert.equal(describeWithoutPicture({ kind: 'recording', state: 'SUCCEEDED' }), 'recorded');
assert.equal(describeWithoutPicture({ kind: 'edit', state: 'FAILED' }), 'failed');
