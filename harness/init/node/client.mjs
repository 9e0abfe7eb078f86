#!/usr/bin/env node
// Waits for one video task to end, politely:  client.mjs BASE_URL TASK_ID [TIMEOUT_S]   (Node 18 and newer)
//
// The token is in MOCK_TOKEN. The last line is "url: ...", "failed: ...", "error: ..." or "gave up: ...", the exit code 0, 3, 4 or 5.
import { setTimeout as sleep } from 'node:timers/promises';

const INTERVAL_S = 5;     // between polls, as the service documents it
const BACKOFF_MAX_S = 60;
const TROUBLES_MAX = 8;   // exchanges in a row that told nothing of the task
const ATTEMPT_S = 60;     // for one exchange

class Refused extends Error {}  // the service said no, and would say so again
class Trouble extends Error {   // the exchange told nothing of the task: ask again, later
  constructor(why, retryAfter = null) {
    super(why);
    this.retryAfter = retryAfter;
  }
}

const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

// Retry-After in seconds from now, in both its forms; null when absent or malformed.
function secondsOf(retryAfter) {
  const text = (retryAfter ?? '').trim();
  if (/^\d+$/.test(text)) return Number(text);
  const at = /GMT$/.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(at) ? null : Math.max(0, (at - Date.now()) / 1000);
}

// State ('running', 'succeeded', 'failed') and URL or reason. An error may come with status 200.
function read(reply) {
  if (isObject(reply.error) && !('data' in reply)) throw new Refused(reply.error.message);
  if ((reply.code ?? null) !== null && String(reply.code).toLowerCase() !== 'success') {
    throw new Refused(`${reply.code} ${reply.message}`);
  }
  const record = reply.data;
  if (!isObject(record) || !record.status || typeof record.status !== 'string') {
    throw new Trouble('no status in the reply');
  }
  const status = record.status.toLowerCase();
  if (['success', 'succeeded'].includes(status)) {
    const urls = [record.result_url, record.url, record.fail_reason];
    return { state: 'succeeded', text: urls.find((url) => /^https?:\/\//.test(url ?? '')) ?? '' };
  }
  if (['failure', 'failed'].includes(status)) {
    return { state: 'failed', text: record.fail_reason || record.error?.message || '' };
  }
  return { state: 'running', text: status }; // a word that nobody has told of yet: still running
}

function parse(body) {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}

async function exchange(baseUrl, taskId) {
  try {
    const reply = await fetch(`${baseUrl.replace(/\/$/, '')}/v1/video/generations/${encodeURIComponent(taskId)}`, {
      headers: { Authorization: `Bearer ${process.env.MOCK_TOKEN}` },
      redirect: 'manual',
      signal: AbortSignal.timeout(ATTEMPT_S * 1000),
    });
    return { status: reply.status, retryAfter: secondsOf(reply.headers.get('Retry-After')), body: await reply.text() };
  } catch (lost) {
    throw new Trouble(`no reply: ${lost.cause?.message ?? lost.message}`);
  }
}

// State and text of the task, and how long the service asks to be left alone.
async function poll(baseUrl, taskId) {
  const { status, retryAfter, body } = await exchange(baseUrl, taskId);
  if ([408, 425, 429].includes(status) || status >= 500) throw new Trouble(`HTTP ${status}`, retryAfter);
  if (status < 200 || status > 299) throw new Refused(`HTTP ${status} ${body.slice(0, 200)}`);
  const reply = parse(body);
  if (!isObject(reply)) throw new Trouble('the reply is no JSON object', retryAfter);
  return { ...read(reply), retryAfter };
}

function backoff(troubles) {
  const most = Math.min(BACKOFF_MAX_S, INTERVAL_S * 2 ** (troubles - 1));
  return INTERVAL_S + Math.random() * (most - INTERVAL_S);
}

// The line to print and the exit code.
async function waitFor(baseUrl, taskId, timeout) {
  const started = performance.now();
  let troubles = 0;
  for (let first = true;; first = false) {
    let text, retryAfter;
    try {
      const told = await poll(baseUrl, taskId);
      if (told.state === 'succeeded') return [`url: ${told.text}`, 0];
      if (told.state === 'failed') return [`failed: ${told.text}`, 3];
      [text, retryAfter, troubles] = [told.text, told.retryAfter, 0];
    } catch (e) {
      const tooNew = first && /HTTP 404|task_not_exist/.test(e.message); // to be found: once more
      if (e instanceof Refused && !tooNew) return [`error: ${e.message}`, 4];
      if (!(e instanceof Refused) && !(e instanceof Trouble)) throw e;
      [text, retryAfter, troubles] = [e.message, e.retryAfter ?? null, troubles + 1];
    }
    let wait = troubles > 0 ? backoff(troubles) : INTERVAL_S;
    if (retryAfter !== null) wait = Math.max(INTERVAL_S, retryAfter);
    const elapsed = (performance.now() - started) / 1000;
    if (troubles > TROUBLES_MAX || elapsed + wait > timeout) return [`gave up: ${text}`, 5];
    await sleep(Math.ceil(wait * 1000) + 1); // a timer may fire a millisecond early
  }
}

const [baseUrl, taskId, timeout] = process.argv.slice(2);
if (!taskId) {
  console.error('client.mjs BASE_URL TASK_ID [TIMEOUT_S]');
  process.exit(2);
}
const [line, code] = await waitFor(baseUrl, taskId, Number(timeout ?? 3600));
console.log(line);
process.exit(code);
