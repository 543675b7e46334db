// What the page knows of the API, apart from where it shows it.

const ALIVE = ['QUEUED', 'ASSIGNED', 'RUNNING'];
const ENDED = ['SUCCEEDED', 'FAILED', 'CANCELLED', 'EXPIRED'];

export function isEnded(state) {
  return ENDED.includes(state);
}

/** Calls the API; a call that fails on the way looks like a problem document as well. */
export async function callApi(path, options) {
  let response;
  try {
    response = await fetch(path, options);
  } catch (failure) {
    return { ok: false, body: { detail: `The gateway cannot be reached: ${failure.message}` } };
  }
  try {
    return { ok: response.ok, body: await response.json() };
  } catch {
    // Something before the gateway may have answered in its place.
    const status = `${response.status} ${response.statusText}`.trim();
    return { ok: false, body: { detail: `The answer was ${status}, without an explanation.` } };
  }
}

/** Whether a job that was read may take the place of the one shown: answers overtake each other. */
export function isNews(shown, read) {
  if (shown.id !== read.id || isEnded(shown.state)) {
    return false;
  }
  const place = (job) => (isEnded(job.state) ? ALIVE.length : ALIVE.indexOf(job.state));
  const further = place(read) - place(shown);
  return further > 0 || (further === 0 && read.progress.stepsDone >= shown.progress.stepsDone);
}

/** Sizes to choose from: all multiples, or, of a model with very many, about 16 and the defaults. */
export function sizesOf(model) {
  const { sizeMultiple, minSize, maxSize, defaultWidth, defaultHeight } = model;
  const first = Math.ceil(minSize / sizeMultiple) * sizeMultiple;
  const all = Math.floor((maxSize - first) / sizeMultiple) + 1;
  const stride = sizeMultiple * Math.max(1, Math.ceil(all / 16));
  const sizes = new Set([defaultWidth, defaultHeight]);
  for (let size = first; size <= maxSize; size += stride) {
    sizes.add(size);
  }
  return [...sizes].sort((a, b) => a - b);
}

/** A job's state in words. */
export function describeState(job) {
  switch (job.state) {
    case 'QUEUED': {
      const before = job.queue?.position;
      return before ? `Waiting, ${before} before it` : 'Waiting, next in line';
    }
    case 'ASSIGNED':
      return 'Getting ready';
    case 'RUNNING':
      return 'Painting';
    case 'SUCCEEDED':
      return 'Done';
    case 'FAILED':
      return 'Failed';
    case 'CANCELLED':
      return 'Cancelled';
    case 'EXPIRED':
      return 'Expired: it did not start before its deadline';
    default:
      return job.state;
  }
}

/**
 * What an edit adds to a request.
 *
 * @param template as the API shows it, or null if none was chosen: the API says what is missing
 * @param maskPng in base64, white where the edit paints
 */
export function editFields(template, maskPng, strength) {
  return template === null
    ? { kind: 'edit', strength }
    : {
        kind: 'edit',
        template: { id: template.id },
        mask: { base64: maskPng, edits: 'white' },
        strength,
      };
}

/** The field of the form that an error is about: the API names what is inside of one as well. */
export function formField(field) {
  return field === 'image' ? 'template' : field.split('.')[0];
}

/** How an edit ran, in words; null of any other job. */
export function describeExecution(job) {
  if (job.kind !== 'edit' || !job.execution) {
    return null;
  }
  const { mode, reason } = job.execution;
  const share = `${Math.ceil(100 * job.request.mask.ratio)}%`;
  if (mode === 'masked') {
    return `masked, ${share} of the picture`;
  }
  return reason ? `dense: ${reason}` : 'dense';
}

/** What a job that has no picture to show is called in the gallery. */
export function describeWithoutPicture(job) {
  const isRecorded = job.kind === 'recording' && job.state === 'SUCCEEDED';
  return isRecorded ? 'recorded' : job.state.toLowerCase();
}
