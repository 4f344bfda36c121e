// One comment in focus: it is decided by a key or a button, and the next one stands there at once, while the decision is
// on its way. Without this module the same page shows all comments below each other, each with a form of its own.

const ENOUGH = 6; // comments on the page; below that the next page is fetched
const MOST_AT_ONCE = 50; // comments that are fetched one by one
const LOOK_EVERY = 4000; // ms: what did others decide, who looks at what?
const CLAIM_AFTER = 400; // ms: who only moves on does not look at a comment
const CLAIM_EVERY = 20000; // ms; the server forgets it after 60 seconds
const PHONE = matchMedia("(max-width: 36rem)"); // as in queue.css

// What a key does, for each set that a moderator can choose. Several keys for the same are separated by a space.
const KEYS = {
  tumen: {
    next: "j", previous: "k", approve: "a", reject: "r", spam: "s", restore: "w", undo: "u", tick: "x", redact: "e",
    note: "n", search: "/", help: "?", tickAll: "Shift+x", approveTicked: "Shift+a", rejectTicked: "Shift+r",
    spamTicked: "Shift+s", restoreTicked: "Shift+w",
  },
  wordpress: {
    next: "j", previous: "k", approve: "a", rejectAtOnce: "d", spam: "s", restore: "u", undo: "z Shift+z", tick: "x",
    reply: "r", redact: "e q", help: "?", tickAll: "Shift+x", approveTicked: "Shift+a", rejectTickedAtOnce: "Shift+d",
    spamTicked: "Shift+s", restoreTicked: "Shift+u",
  },
  coral: {
    next: "j", previous: "k", approve: "f", rejectAtOnce: "d", spam: "s", undo: "u", tick: "x", redact: "e", note: "n",
    reply: "r", ban: "b", view: "t", search: "Ctrl+f /", help: "?", tickAll: "Shift+x",
  },
  off: {},
};

const DOES = {
  next: () => step(1),
  previous: () => step(-1),
  approve: () => press(formOf(current), "approve"),
  reject: () => askReason(formOf(current)),
  rejectAtOnce: () => press(formOf(current), "reject", "take-down"),
  spam: () => press(formOf(current), "spam"),
  restore: () => press(formOf(current), "restore"),
  undo,
  tick: () => boxOf(current)?.click(),
  tickAll: () => all.click(),
  approveTicked: () => press(bulk, "approve"),
  rejectTicked: () => askReason(bulk),
  rejectTickedAtOnce: () => press(bulk, "reject", "take-down"),
  spamTicked: () => press(bulk, "spam"),
  restoreTicked: () => press(bulk, "restore"),
  redact: () => turnTo("redact"),
  note: () => turnTo("note"),
  reply: () => turnTo("reply"),
  ban: () => turnTo("ban"),
  view: () => {
    const next = document.querySelector(".tabs li:has([aria-current]) + li a[href^='?']"); // others have no keys
    (next ?? document.querySelector(".tabs a")).click();
  },
  search: () => {
    filtering.open = true;
    filtering.querySelector("input[name=q]").focus();
  },
  help: () => help.showModal(),
};
const BUTTONS = {
  approve: ["approve"],
  reject: ["reject", "rejectAtOnce"],
  "take-down": ["reject", "rejectAtOnce"],
  spam: ["spam"],
  restore: ["restore"],
};
const BULK_BUTTONS = {
  approve: ["approveTicked"],
  reject: ["rejectTicked", "rejectTickedAtOnce"],
  "take-down": ["rejectTicked", "rejectTickedAtOnce"],
  spam: ["spamTicked"],
  restore: ["restoreTicked"],
};
const REPEATABLE = ["next", "previous"]; // while the key is held down
const FIELD = "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]"; // where keys write

const desk = document.getElementById("desk");
const split = desk.querySelector(".split");
const cards = desk.querySelector(".cards");
const list = desk.querySelector(".neighbours ol");
const empty = desk.querySelector(".empty");
const said = document.getElementById("said");
const undoForm = document.getElementById("undo");
const bulk = document.getElementById("bulk");
const all = document.getElementById("tick-all");
const help = document.getElementById("keys");
const filtering = document.querySelector(".filtering");
const words = Object.fromEntries(
  [...document.getElementById("words").content.children].map((word) => [word.dataset.word, word.textContent]),
);

let current = null; // the card in focus
let undoing = 0; // undos on their way: meanwhile no key decides, since another comment is about to stand there
let refilling = false;
let countAtRefill = null;
let requests = Promise.resolve();
const away = new Set(); // keys of comments whose cards were decided here while the server has not answered yet

const keyOf = (card) => card.id.replace("comment-", "");
const itemOf = (card) => document.getElementById(`neighbour-${keyOf(card)}`);
const boxOf = (card) => card?.querySelector("header input[name=comment]");
const formOf = (card) => card?.querySelector("form.decide");
const seenOf = (card) => boxOf(card).value; // ID:REVISION
const withOf = (card) => [...card.querySelectorAll(".together input[name=comment]")]; // of those decided with it
const keyIn = (seen) => seen.split(":")[0];
const keysOf = (card) => [seenOf(card), ...withOf(card).map(({ value }) => value)].map(keyIn);
const numberOf = (card) => 1 + withOf(card).filter(({ checked }) => checked).length;
const isShown = (key) => document.getElementById(`comment-${key}`) ?? document.getElementById(`member-${key}`);
const buttonOf = (form, ...names) =>
  form?.querySelector(names.map((name) => `button[name=action][value=${name}]`).join());

// Requests follow each other: a decision is known before it is undone.
function inTurn(task) {
  requests = requests.then(task).catch(() => say(words.lost));
  return requests;
}

async function ask(address, options = {}) {
  const answer = await fetch(address, { headers: { Accept: "application/json" }, ...options });
  if (!answer.ok || answer.redirected) throw new Error(answer.status);
  return answer.json();
}

const send = (address, body) => ask(address, { method: "POST", body, keepalive: true });

async function fetchPage(address) {
  const answer = await fetch(address);
  if (!answer.ok || answer.redirected) throw new Error(answer.status);
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

function firstPage() {
  const address = new URL(location.pathname + location.search, location);
  for (const name of ["after", "before"]) address.searchParams.delete(name);
  return address;
}

function say(text) {
  said.textContent = text;
}

// Which comment is in focus

function show(card, { focus = true } = {}) {
  if (current && current !== card) {
    current.classList.remove("current");
    itemOf(current)?.querySelector("a").removeAttribute("aria-current");
    if (current.classList.contains("over")) drop(current);
  }
  current = card;
  split.hidden = !card;
  if (card) {
    card.classList.add("current");
    const link = itemOf(card).querySelector("a");
    link.setAttribute("aria-current", "true");
    list.scrollTop = link.parentElement.offsetTop - (list.clientHeight - link.parentElement.clientHeight) / 2;
  }
  claimSoon();
  refill();
  empty.hidden = Boolean(card) || (refilling && empty.hidden); // not said before it is known
  if (focus) turnHere(card);
}

function turnHere(card) {
  const heading = card?.querySelector("h2") ?? empty;
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
  if (desk.getBoundingClientRect().top < 0 || PHONE.matches) desk.scrollIntoView();
}

function step(way) {
  const card = way > 0 ? current?.nextElementSibling : current?.previousElementSibling;
  if (card) show(card);
}

function drop(card) {
  itemOf(card)?.remove();
  card.remove();
}

// Where the comment in focus is, so that what comes back is found next to it
function insert(card, item) {
  if (current) {
    itemOf(current).before(item);
    current.before(card);
  } else {
    list.append(item);
    cards.append(card);
  }
  prepare(card, item);
}

function prepare(card, item) {
  hintAll(formOf(card), BUTTONS);
  countTogether(card);
  const box = item.querySelector("input");
  box.hidden = false;
  box.checked = boxOf(card).checked;
}

function notice(card, text) {
  const place = card.querySelector(".notice") ?? document.createElement("p");
  place.className = "notice";
  place.textContent = text;
  card.prepend(place);
}

function close(card) {
  card.classList.add("over");
  itemOf(card)?.classList.add("over");
  boxOf(card).checked = false;
  boxOf(card).disabled = true;
  for (const button of card.querySelectorAll("form button")) button.disabled = true;
  card.querySelector(".together")?.remove();
  countTicked();
}

// Decisions

desk.addEventListener("submit", (event) => {
  if (event.target === undoForm) {
    event.preventDefault();
    undo();
  } else if (event.target.matches("form.decide")) {
    event.preventDefault();
    if (event.submitter?.name === "action") decide(event.target, event.submitter);
  }
});

function decide(form, button) {
  const data = new FormData(form, button);
  const gone = new Map();
  const left = []; // what shared a card with them and was not ticked
  for (const key of data.getAll("comment").map(keyIn)) {
    const card = document.getElementById(`comment-${key}`);
    if (!card) continue;
    gone.set(key, { card, item: itemOf(card) });
    for (const { checked, value } of withOf(card)) {
      if (!checked) left.push(keyIn(value));
      else if (form === bulk) data.append("comment", value);
    }
  }
  if (!gone.size) return say(words.untick);
  const sent = data.getAll("comment").map(keyIn);
  const next = following([...gone.values()].map(({ card }) => card));
  for (const key of [...sent, ...left]) away.add(key);
  for (const { card, item } of gone.values()) {
    item.remove();
    card.remove();
  }
  if (form === bulk) bulk.reset();
  countTicked();
  inTurn(async () => {
    try {
      await settle(await send(form.getAttribute("action"), data), { gone, sent, left });
    } catch (error) {
      bringBack(gone);
      throw error;
    } finally {
      for (const key of [...sent, ...left]) away.delete(key);
    }
  });
  show(next);
}

// What stands there when these cards have gone: the comment in focus, or the next one, or the one before.
function following(gone) {
  for (let card = current; card; card = card.nextElementSibling) if (!gone.includes(card)) return card;
  for (let card = current; card; card = card.previousElementSibling) if (!gone.includes(card)) return card;
  return null;
}

async function settle(answer, { gone = new Map(), sent = [], left = [] } = {}) {
  told(answer);
  const problems = Object.entries(answer.problems);
  const kept = problems.map(([key]) => key).filter((key) => sent.includes(key));
  const fresh = await fetchEntries([...kept, ...left]);
  const over = kept.filter((key) => gone.has(key) && !fresh.has(key));
  bringBack(new Map([...fresh, ...over.map((key) => [key, gone.get(key)])]));
  for (const [key, problem] of problems) {
    const card = document.getElementById(`comment-${key}`);
    if (card) notice(card, problem);
    if (card && !fresh.has(key)) close(card);
  }
  say([answer.said, leftInWords(), ...problems.map(([, problem]) => problem)].join(" "));
}

function bringBack(entries) {
  for (const { card, item } of entries.values()) insert(card, item);
  countTicked();
  if (!current && cards.firstElementChild) show(cards.firstElementChild);
}

function told(answer) {
  undoForm.elements.batch.value = answer.last?.key ?? "";
  undoForm.hidden = !answer.last;
  count(answer.counts);
}

function count(counts) {
  for (const place of document.querySelectorAll("[data-count]")) place.textContent = counts[place.dataset.count];
}

const leftNow = () => desk.parentElement.querySelector(`.tabs [data-count=${desk.dataset.status}]`).textContent;
const leftInWords = () => words.left.replace("#", leftNow());

function undo() {
  undoing += 1;
  inTurn(undoLast).finally(() => {
    undoing -= 1;
  });
}

async function undoLast() {
  if (!undoForm.elements.batch.value) return say(words.nothing);
  const answer = await send(undoForm.getAttribute("action"), new FormData(undoForm));
  const fresh = await fetchEntries(answer.done);
  for (const entry of fresh.values()) {
    const known = document.getElementById(entry.card.id);
    if (known) replace(known, entry);
    else insert(entry.card, entry.item);
  }
  const [first] = fresh.values();
  if (first) show(first.card);
  await settle(answer);
}

// The cards of these comments as they are now, as far as they are in this view, with their items in the list
async function fetchEntries(keys) {
  if (!keys.length) return new Map();
  const address = new URL(location.pathname + location.search, location);
  address.searchParams.set("only", keys.slice(0, MOST_AT_ONCE).join());
  return entriesOf(await fetchPage(address));
}

function entriesOf(page) {
  return new Map(
    [...page.querySelectorAll(".cards > .card")].map((card) => [
      keyOf(card),
      { card, item: page.getElementById(`neighbour-${keyOf(card)}`) },
    ]),
  );
}

// When few are left, the next page follows; when none is, whatever has come meanwhile.
function refill() {
  const next = desk.querySelector(".pages [rel=next]");
  const left = cards.childElementCount;
  if (refilling || left >= ENOUGH || (left && !next) || (!left && !next && countAtRefill === leftNow())) return;
  refilling = true;
  countAtRefill = leftNow();
  inTurn(async () => {
    const page = await fetchPage(next?.href ?? firstPage());
    for (const [key, { card, item }] of entriesOf(page)) {
      if (away.has(key) || isShown(key)) continue;
      list.append(item);
      cards.append(card);
      prepare(card, item);
    }
    const beyond = page.querySelector(".pages [rel=next]");
    if (beyond && next) next.href = beyond.href;
    else next?.remove();
    countTicked();
  }).finally(() => {
    refilling = false;
    if (!current && (cards.firstElementChild || empty.hidden)) show(cards.firstElementChild);
  });
}

// Ticked comments

const boxes = () => [...cards.children].map(boxOf).filter(({ disabled }) => !disabled);

function countTicked() {
  const chosen = [...cards.children].filter((card) => boxOf(card).checked);
  const ticked = chosen.length;
  document.getElementById("ticked").value = chosen.map(numberOf).reduce((sum, number) => sum + number, 0);
  all.checked = ticked > 0 && ticked === boxes().length;
  all.indeterminate = ticked > 0 && !all.checked;
  for (const card of cards.children) itemOf(card).querySelector("input").checked = boxOf(card).checked;
}

// How many comments a card decides about is shown on its buttons.
function countTogether(card) {
  for (const place of formOf(card)?.querySelectorAll("button .number") ?? []) place.textContent = numberOf(card);
}

desk.addEventListener("change", ({ target }) => {
  if (target.type !== "checkbox") return;
  if (target.closest(".together")) countTogether(target.closest(".card"));
  if (target === all) for (const box of boxes()) box.checked = all.checked;
  const item = target.closest(".neighbour");
  if (item) boxOf(document.getElementById(item.id.replace("neighbour", "comment"))).checked = target.checked;
  countTicked();
});

list.addEventListener("click", (event) => {
  const item = event.target.closest("a")?.parentElement;
  if (!item || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  show(document.getElementById(item.id.replace("neighbour", "comment")));
});

// Keys

const keys = new Map(
  Object.entries(KEYS[desk.dataset.keys]).flatMap(([does, names]) => names.split(" ").map((name) => [name, does])),
);

// On a Korean keyboard the key A gives ㅁ: what counts is where it lies.
function pressed(event) {
  const key = /^[ -~]$/.test(event.key) ? event.key : event.code.replace(/^Key/, "");
  const letter = key.toLowerCase();
  if (!/^[a-z]$/.test(letter)) return key;
  return `${event.ctrlKey ? "Ctrl+" : ""}${event.shiftKey ? "Shift+" : ""}${letter}`;
}

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.altKey || event.metaKey || document.querySelector("dialog[open]")) return;
  const isLeft = event.key === "Escape" && event.target.closest("#desk details");
  if (isLeft || event.target.closest(FIELD)) return inField(event);
  const does = keys.get(pressed(event));
  if (!does || (event.ctrlKey && !pressed(event).startsWith("Ctrl+"))) return;
  event.preventDefault();
  if (event.repeat && !REPEATABLE.includes(does)) return;
  if (undoing && does !== "undo") return;
  DOES[does]();
});

function press(form, ...names) {
  buttonOf(form, ...names)?.click();
}

// The reason is written where the comment stands; the Enter key then rejects.
function askReason(form) {
  const field = form?.querySelector("input[name=reason]:not([type=radio]), textarea[name=reason]");
  const button = buttonOf(form, "reject", "take-down");
  if (!field || !button || button.disabled) return;
  if (form === bulk && !boxes().some((box) => box.checked)) return say(words.untick);
  form.dataset.enter = button.value;
  field.closest("details")?.setAttribute("open", "");
  field.focus();
}

function inField(event) {
  const { form, name } = event.target;
  if (event.key === "Escape") {
    delete form?.dataset.enter;
    event.target.closest("#desk details")?.removeAttribute("open");
    turnHere(current);
  } else if (event.key === "Enter" && !event.shiftKey && name === "reason" && form.dataset.enter) {
    event.preventDefault();
    press(form, form.dataset.enter);
    delete form.dataset.enter;
  }
}

// A part of the card: what is folded unfolds as by a click, and its first field is focused.
function turnTo(part) {
  const details = current?.querySelector(`[data-key-target="${part}"]`)?.closest("details");
  if (!details) return;
  details.open = false;
  details.querySelector("summary").click();
  details.querySelector("textarea, input:not([type=hidden])").focus();
}

// The key is shown on the button.
function hint(button, does) {
  const [name] = does.flatMap((each) => namesOf(each));
  if (!name) return;
  button.dataset.key = name;
  button.setAttribute("aria-keyshortcuts", name);
}

function hintAll(form, does) {
  for (const button of form?.querySelectorAll("button[name=action]") ?? []) hint(button, does[button.value]);
}

// The keys for something, as a keyboard shows them: "a", "Shift+A"
const namesOf = (does) =>
  (KEYS[desk.dataset.keys][does]?.split(" ") ?? []).map((name) =>
    name.length > 1 ? name.replace(/.$/, (letter) => letter.toUpperCase()) : name,
  );

function explainKeys() {
  for (const row of help.querySelectorAll("[data-does]")) {
    const names = namesOf(row.dataset.does);
    row.hidden = !names.length;
    for (const name of names) {
      const key = document.createElement("kbd");
      key.textContent = name;
      row.lastElementChild.append(key, " ");
    }
  }
  document.getElementById("no-keys").hidden = keys.size > 0;
  const button = document.getElementById("help");
  button.hidden = false;
  button.addEventListener("click", DOES.help);
}

// Others at work

let looking = null;
let claiming = null;

function claimSoon() {
  clearTimeout(claiming);
  claiming = setTimeout(claim, CLAIM_AFTER);
}

async function claim() {
  claiming = setTimeout(claim, CLAIM_EVERY);
  if (document.hidden || !current) return;
  const body = new FormData();
  body.set("comment", keyOf(current));
  body.set("csrfmiddlewaretoken", undoForm.elements.csrfmiddlewaretoken.value);
  await send(desk.dataset.claim, body).catch(() => {}); // the next time is soon
}

async function look() {
  clearTimeout(looking);
  looking = setTimeout(look, LOOK_EVERY);
  if (document.hidden) return;
  const asked = [...cards.children].flatMap((card) => [boxOf(card), ...withOf(card)]).map(({ value }) => value);
  try {
    hear(await ask(`${desk.dataset.live}?seen=${asked.join()}`), asked);
  } catch {
    // The next time is soon.
  }
}

document.addEventListener("visibilitychange", () => {
  if (document.hidden) return;
  look();
  claimSoon();
});

function hear(answer, asked) {
  count(answer.counts);
  const stale = new Map();
  const news = [];
  const left = [];
  for (const card of [...cards.children]) {
    watched(card, answer.looking[keyOf(card)] ?? "");
    if (card.classList.contains("over")) continue;
    const changes = [boxOf(card), ...withOf(card)]
      .filter(({ value }) => asked.includes(value) && answer.changed[keyIn(value)])
      .map((box) => ({ ...answer.changed[keyIn(box.value)], name: box.labels[0].textContent.trim(), box }));
    if (!changes.length) continue;
    news.push(...changes.map((change) => `${change.name}: ${change.said}`));
    const [change] = changes;
    if (change.box !== boxOf(card) || change.status === desk.dataset.status) {
      stale.set(keyOf(card), change.said);
      continue;
    }
    left.push(...keysOf(card).slice(1));
    decidedElsewhere(card, change.said);
  }
  if (news.length) say([words.others, ...news].join(" "));
  if (stale.size) inTurn(() => renew(stale));
  if (left.length) inTurn(async () => bringBack(await fetchEntries(left)));
  refill();
}

function decidedElsewhere(card, text) {
  if (card !== current) return drop(card);
  notice(card, text);
  close(card);
}

// Cards of this view that changed: shown as they are now, unless somebody is writing there.
async function renew(stale) {
  const shown = [...stale.keys()].map((key) => document.getElementById(`comment-${key}`)).filter(Boolean);
  const fresh = await fetchEntries(shown.flatMap(keysOf));
  for (const [key, entry] of fresh) {
    const old = document.getElementById(`comment-${key}`);
    if (!old) continue;
    notice(old, stale.get(key));
    if (old.contains(document.activeElement) && document.activeElement.matches("textarea, select, input")) continue;
    notice(entry.card, stale.get(key));
    replace(old, entry);
  }
  countTicked();
}

function replace(old, { card, item }) {
  const focused = old.contains(document.activeElement);
  const unticked = withOf(old).filter(({ checked }) => !checked).map(({ value }) => keyIn(value));
  for (const box of withOf(card)) box.checked = !unticked.includes(keyIn(box.value));
  itemOf(old).replaceWith(item);
  old.replaceWith(card);
  prepare(card, item);
  if (old !== current) return;
  current = null;
  show(card, { focus: focused });
}

function watched(card, text) {
  const places = [itemOf(card).querySelector(".looking"), card.querySelector(":scope > .looking")];
  if (!places[1] && text) {
    places[1] = document.createElement("p");
    places[1].className = "looking";
    card.prepend(places[1]);
  }
  for (const place of places) if (place) place.textContent = text;
}

document.body.classList.add("focused");
for (const card of cards.children) prepare(card, itemOf(card));
all.closest("label").hidden = false;
hintAll(bulk, BULK_BUTTONS);
hint(undoForm.querySelector("button"), ["undo"]);
hint(document.getElementById("help"), ["help"]);
for (const button of desk.querySelectorAll(".last [data-does]")) {
  button.hidden = false;
  button.addEventListener("click", DOES[button.dataset.does]);
  hint(button, [button.dataset.does]);
}
if (PHONE.matches && !document.querySelector(".chips")) filtering.open = false; // the comment comes first
if (!said.textContent) say(leftInWords());
countTicked(); // a browser may remember what was ticked
explainKeys();
const named = document.getElementById(location.hash.slice(1)); // :target does not match yet
show(named?.matches(".card") ? named : cards.firstElementChild, { focus: false });
look();
