#!/usr/bin/env node
// Waits for a task of one of six services to end, politely. Node 18 and newer, nothing to install.
//
//     poll.mjs UPSTREAM BASE_URL TASK_ID [--goal G] [--interval S] [--timeout S]
//
// Credentials come from the environment: MOCK_TOKEN, or MOCK_APP_ID and MOCK_SECRET for ZEGO.
// The last line is "url: ...", "failed: ...", "error: ..." or "gave up: ...", the exit code 0, 3, 4 or 5.
import { createHash, randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';

const TROUBLES_MAX = 8;   // exchanges in a row that told nothing of the task
const BACKOFF_MAX_S = 60;
const ATTEMPT_S = 60;     // for one exchange
const RETRY_CODES = ['100000004', '400000008', '400000010', '400010002', '400010009']; // ZEGO's "later"
const GONE_CODES = ['400000005', '400000007']; // ZEGO, once the task was seen: it has stopped
const MISSING = /HTTP 404|task_not_exist|400000005/; // in each service's own words

class Refused extends Error {}  // the service said no, and would say so again
class Trouble extends Error {   // the exchange told nothing of the task: ask again, later
  constructor(why, retryAfter = null) {
    super(why);
    this.retryAfter = retryAfter;
  }
}

// -- What a reply says: 'running', 'succeeded' or 'failed', and the URL or the reason ----------------

const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
const isUrl = (text) => /^https?:\/\//.test(text ?? '');
const firstUrl = (...texts) => texts.find(isUrl) ?? '';

function member(record, key) {
  if (!isObject(record[key])) throw new Trouble(`no ${key} in the reply`);
  return record[key];
}

function number(value) {
  if (!/^-?\d+$/.test(value ?? '')) throw new Trouble(`${value} is no status`);
  return Number(value);
}

// An error may come with status 200.
function checkGateway(reply) {
  if (isObject(reply.error) && !('data' in reply)) throw new Refused(reply.error.message);
  if ((reply.code ?? null) !== null && String(reply.code).toLowerCase() !== 'success') {
    throw new Refused(`${reply.code} ${reply.message}`);
  }
}

function stateOf(status, done, failed) {
  if (!status || typeof status !== 'string') throw new Trouble('no status in the reply');
  if (done.includes(status.toLowerCase())) return 'succeeded';
  return failed.includes(status.toLowerCase()) ? 'failed' : 'running';
}

// The gateway's record: doubao, newapi in both its dialects, resellers of avatar.
function readRecord(reply) {
  checkGateway(reply);
  const record = member(reply, 'data');
  const state = stateOf(record.status, ['success', 'succeeded'], ['failure', 'failed']);
  if (state === 'succeeded') {
    return { state, text: firstUrl(record.result_url, record.url, record.fail_reason,
                                   record.data?.work_video_path) };
  }
  return { state, text: record.fail_reason || record.error?.message || '' };
}

function readVideo(reply) {
  if ((reply.status ?? null) === null) checkGateway(reply);
  const state = stateOf(reply.status, ['completed', 'succeeded'], ['failed']);
  if (state === 'succeeded') return { state, text: firstUrl(reply.url) };
  const error = Array.isArray(reply.error) ? reply.error[0] : reply.error; // an object, a text or a list of texts
  return { state, text: error?.message ?? (typeof error === 'string' ? error : '') };
}

const readError = ({ error }) => error?.message ?? (typeof error === 'string' ? error : '');

// OpenAI's style: without a URL in the record the video is where its content is.
function readVideos(reply, options) {
  if ((reply.status ?? null) === null) checkGateway(reply);
  const state = stateOf(reply.status, ['completed', 'succeeded'], ['failed', 'expired', 'cancelled']);
  const content = `${options.baseUrl.replace(/\/$/, '')}/v1/videos/${encodeURIComponent(options.taskId)}/content`;
  return { state, text: state === 'succeeded' ? firstUrl(reply.metadata?.url) || content : readError(reply) };
}

function readArk(reply) {
  if ((reply.status ?? null) === null) checkGateway(reply);
  const state = stateOf(reply.status, ['succeeded'], ['failed', 'expired', 'cancelled']);
  return { state, text: state === 'succeeded' ? firstUrl(reply.content?.video_url) : readError(reply) };
}

function readAvatar(reply) {
  if ((reply.web_work_status ?? null) === null) return readRecord(reply);
  const status = number(reply.web_work_status);
  if (status === 200) {
    return { state: 'succeeded', text: firstUrl(reply.work_video_path, reply.no_wm_work_video_path,
                                                reply.wm_work_video_path) };
  }
  return { state: status < 0 ? 'failed' : 'running', text: `web_work_status ${status}` };
}

// The reply's Data; null when the goal is reached because the task is gone.
function zegoData(reply, goal, seen) {
  const code = String(reply.Code ?? '');
  if (code === '0') return member(reply, 'Data');
  if (code === '' || RETRY_CODES.includes(code)) throw new Trouble(`code ${code}: ${reply.Message}`);
  if (goal === 'stopped' && GONE_CODES.includes(code) && (seen || code === '400000007')) return null;
  throw new Refused(`code ${code}: ${reply.Message}`);
}

function readStream(reply, goal, seen) {
  const data = zegoData(reply, goal, seen);
  if (data === null) return { state: 'succeeded', text: '' };
  const status = number(data.Status);
  const [done, failed] = goal === 'ready' ? [[3], [2, 4, 5]] : [[5], [2]];
  if (done.includes(status)) return { state: 'succeeded', text: '' };
  return { state: failed.includes(status) ? 'failed' : 'running', text: data.FailReason ?? '' };
}

function readDrives(reply) {
  const drives = zegoData(reply, '', false).DriveList;
  if (!Array.isArray(drives)) throw new Trouble('no DriveList in the reply');
  const statuses = drives.map((drive) => number(drive.Status));
  if (statuses.length === 0 || statuses.some((s) => s !== 3 && s !== 4)) return { state: 'running', text: '' };
  return statuses.includes(3) ? { state: 'failed', text: 'a drive failed' } : { state: 'succeeded', text: '' };
}

function read(reply, options, seen) {
  if (options.upstream === 'videos') return readVideos(reply, options);
  return READERS[options.upstream](reply, options.goal, seen);
}

const READERS = { 'zego-stream': readStream, 'zego-drive': readDrives, avatar: readAvatar, video: readVideo,
                  doubao: readRecord, newapi: readRecord, ark: readArk };
const FOLDERS = { avatar: '/avatar/task/', videos: '/v1/videos/', ark: '/api/v3/contents/generations/tasks/' };

// -- One exchange ------------------------------------------------------------------------------------

function signed(action, body) {
  const { MOCK_APP_ID: appId, MOCK_SECRET: secret } = process.env;
  const nonce = randomBytes(8).toString('hex');
  const now = Math.floor(Date.now() / 1000);
  const signature = createHash('md5').update(`${appId}${nonce}${secret}${now}`).digest('hex');
  const query = new URLSearchParams({ Action: action, AppId: appId, SignatureNonce: nonce, Timestamp: now,
                                      Signature: signature, SignatureVersion: '2.0' });
  return [`/?${query}`, { method: 'POST', headers: { 'Content-Type': 'application/json' },
                          body: JSON.stringify(body) }];
}

// Target and options of the next poll.
function request({ upstream, taskId, goal }) {
  const bearer = { headers: { Authorization: `Bearer ${process.env.MOCK_TOKEN}` } };
  if (upstream === 'zego-stream') return signed('GetDigitalHumanStreamTaskStatus', { TaskId: taskId });
  if (upstream === 'zego-drive') return signed('GetDriveStatus', { [goal === 'all' ? 'TaskId' : 'DriveId']: taskId });
  const folder = FOLDERS[upstream] ?? '/v1/video/generations/';
  return [folder + encodeURIComponent(taskId), bearer];
}

// Retry-After in seconds from now, in both its forms; null when absent or malformed.
function secondsOf(retryAfter) {
  const text = (retryAfter ?? '').trim();
  if (/^\d+$/.test(text)) return Number(text);
  const at = /GMT$/.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(at) ? null : Math.max(0, (at - Date.now()) / 1000);
}

async function exchange(options) {
  const [target, init] = request(options);
  try {
    const reply = await fetch(options.baseUrl.replace(/\/$/, '') + target,
                              { ...init, redirect: 'manual', signal: AbortSignal.timeout(ATTEMPT_S * 1000) });
    return { status: reply.status, retryAfter: secondsOf(reply.headers.get('Retry-After')), body: await reply.text() };
  } catch (lost) {
    throw new Trouble(`no reply: ${lost.cause?.message ?? lost.message}`);
  }
}

function parse(body) {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}

async function poll(options, seen) {
  const { status, retryAfter, body } = await exchange(options);
  if (status === 408 || status === 425 || status === 429 || status >= 500) throw new Trouble(`HTTP ${status}`, retryAfter);
  if (status < 200 || status > 299) throw new Refused(`HTTP ${status} ${body.slice(0, 200)}`);
  const reply = parse(body);
  if (!isObject(reply)) throw new Trouble('the reply is no JSON object', retryAfter);
  return { ...read(reply, options, seen), retryAfter };
}

// -- The loop ----------------------------------------------------------------------------------------

function backoff(interval, troubles) {
  const most = Math.max(interval, Math.min(BACKOFF_MAX_S, interval * 2 ** (troubles - 1)));
  return interval + Math.random() * (most - interval);
}

// The line to print and the exit code.
async function waitFor(options) {
  const { interval, timeout } = options;
  const started = performance.now();
  let troubles = 0;
  let seen = false;
  for (let first = true;; first = false) {
    let why, retryAfter;
    try {
      const told = await poll(options, seen);
      if (told.state === 'succeeded') return [`url: ${told.text}`, 0];
      if (told.state === 'failed') return [`failed: ${told.text}`, 3];
      [seen, troubles, why, retryAfter] = [true, 0, told.state, told.retryAfter];
    } catch (e) {
      const tooNew = first && e instanceof Refused && MISSING.test(e.message); // ask once more
      if (e instanceof Refused && !tooNew) return [`error: ${e.message}`, 4];
      if (!tooNew && !(e instanceof Trouble)) throw e;
      [troubles, why, retryAfter] = [troubles + 1, e.message, e.retryAfter ?? null];
    }
    let wait = troubles > 0 ? backoff(interval, troubles) : interval;
    if (retryAfter !== null) wait = Math.max(interval, retryAfter);
    const elapsed = (performance.now() - started) / 1000;
    if (troubles > TROUBLES_MAX || elapsed + wait > timeout) return [`gave up: ${why}`, 5];
    await sleep(Math.ceil(wait * 1000) + 1); // a timer may fire a millisecond early
  }
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { goal: { type: 'string', default: '' }, interval: { type: 'string' },
             timeout: { type: 'string', default: '3600' } },
});
const [upstream, baseUrl, taskId] = positionals;
if (!taskId || !(READERS[upstream] || upstream === 'videos')) {
  console.error('poll.mjs UPSTREAM BASE_URL TASK_ID [--goal G] [--interval S] [--timeout S]');
  process.exit(2);
}
const interval = Number(values.interval ?? (upstream.startsWith('zego') ? 2 : 5));
const [line, code] = await waitFor({ upstream, baseUrl, taskId, goal: values.goal, interval,
                                     timeout: Number(values.timeout) });
console.log(line);
process.exit(code);
