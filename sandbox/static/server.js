// The things the page asks of its server.

export async function setup() {
  return (await fetch("/page/setup")).json();
}

export async function state(after, changes, user) {
  const answer = await fetch(`/page/state?after=${after}&changes=${changes}&user=${encodeURIComponent(user)}`);
  if (!answer.ok) throw new Error(`state ${answer.status}`);
  return answer.json();
}

// Resolves to {problem, status, ...}; an answer that never came is a problem too.
export async function send(verb, body) {
  try {
    const answer = await fetch(`/page/${verb}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    return await answer.json();
  } catch {
    return { problem: "unreachable", status: 0, outcome: "failed" };
  }
}
