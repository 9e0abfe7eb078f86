// fetch, AbortSignal.timeout and timers: for Node and Bun.
const [base, task, token, interval, mode] = process.argv.slice(2);

async function exchange() {
  const reply = await fetch(`${base}/v1/video/generations/${task}`, {
    headers: { authorization: `Bearer ${token}` },
    signal: AbortSignal.timeout(mode === 'timeout' ? 2000 : 60000),
  });
  return [reply.headers.get('retry-after'), await reply.text()];
}

function waitMs(retryAfter) {
  if (mode === 'date' && retryAfter) return Math.max(0, Date.parse(retryAfter) - Date.now());
  return interval * 1000 - (mode === 'hasty' ? 50 : 0);
}

for (let polls = 0; polls < 50; polls++) {
  let retryAfter = null, body = '';
  try {
    [retryAfter, body] = await exchange();
  } catch (error) {
    if (error.name !== 'TimeoutError') throw error;
  }
  if (body.includes('"status": "success"')) process.exit(0);
  await new Promise((resolve) => setTimeout(resolve, waitMs(retryAfter)));
}
process.exit(1);
