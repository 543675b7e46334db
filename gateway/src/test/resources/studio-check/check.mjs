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
const { callApi, isNews } = await import(pathToFileURL(copy));

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
