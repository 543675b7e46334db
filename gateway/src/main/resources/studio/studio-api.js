// What the page knows of the API, apart from where it shows it.

const ENDED = ['SUCCEEDED', 'FAILED', 'CANCELLED', 'EXPIRED'];

export function isEnded(state) {
  return ENDED.includes(state);
}

/** Calls the API; a call that fails on the way looks like a problem document as well. */
export async function callApi(path, options) {
  try {
    const response = await fetch(path, options);
    return { ok: response.ok, body: await response.json() };
  } catch (failure) {
    return { ok: false, body: { detail: `The gateway cannot be reached: ${failure.message}` } };
  }
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
