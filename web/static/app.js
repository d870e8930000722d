// Starts the GOV.UK components and keeps what a person typed until it is saved.
//
// A form that writes is sent by htmx (see write_form in macros.html). When the server is away the form holds still and
// sends the same data again until it is in: the command id in it makes a second arrival harmless.
import { initAll } from "./govuk-frontend.min.js";

// What is said here, in the language of the page.
const words = document.getElementById("words")?.dataset ?? {};

// A radio that opens a part of the form is given aria-expanded, which is not allowed on a radio.
const plainRadios = () => {
  for (const radio of document.querySelectorAll("input[type=radio][aria-expanded]")) radio.removeAttribute("aria-expanded");
};
const start = (scope) => { initAll(scope); plainRadios(); };

start();
addEventListener("click", plainRadios);
addEventListener("pageshow", plainRadios);
document.addEventListener("htmx:load", (event) => { if (event.target !== document.body) start(event.target); offerHeadings(event.target); });

// ---- Headings for a note ----------------------------------------------------------------------------------------

function offerHeadings(scope) {
  for (const button of scope.querySelectorAll("[data-insert][hidden]")) button.hidden = false;
}
offerHeadings(document);

document.addEventListener("click", ({ target }) => {
  const button = target.closest?.("[data-insert]");
  if (!button) return;
  const note = document.getElementById(button.dataset.into);
  const before = note.value.trimEnd();
  note.value = (before ? before + "\n\n" : "") + button.dataset.insert + "\n";
  // To the end of the first heading, where writing begins.
  const at = note.value.indexOf("\n", before ? before.length + 2 : 0);
  note.focus();
  note.setSelectionRange(at, at);
  if (!before) note.scrollTop = 0;
  note.dispatchEvent(new Event("input", { bubbles: true }));
});

// ---- Steps of a replay ------------------------------------------------------------------------------------------

const STEPS = { ArrowLeft: "previous", ArrowRight: "next" };

document.addEventListener("keydown", (event) => {
  const way = STEPS[event.key];
  const taken = event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || event.target.closest("input, select, textarea, .app-scroll");
  // Where the arrows move something already, they go on doing that.
  if (way && !taken) document.querySelector(`a#step-${way}`)?.click();
});

// ---- Sending once -----------------------------------------------------------------------------------------------

const sending = new WeakSet();

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || form.method !== "post") return;
  if (sending.has(form) || (form.dataset.unsaved === "trying" && event.isTrusted)) {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  sending.add(form);
  // A plain form leaves the page, unless the answer is a file to keep; then it may be sent again.
  if (!form.matches("[hx-post], [hx-boost]")) setTimeout(() => sending.delete(form), 3000);
}, true);

addEventListener("pageshow", (event) => {
  if (event.persisted) for (const form of document.forms) sending.delete(form);
});

// ---- Keeping what was typed -------------------------------------------------------------------------------------

const LONGEST_WAIT = 30;        // seconds
const COME_BACK = [502, 503, 504];
const TRIES_AFTER_A_FAULT = 3;  // a fault of the service itself rarely mends itself
const unsaved = new Map();      // element -> {tries, data, path, verb, timer, box}

const writes = (detail) => detail.requestConfig.verb !== "get";
const attempts = new WeakMap(); // element -> what its last attempt sent

document.addEventListener("htmx:configRequest", (event) => {
  const { detail } = event;
  if (detail.verb === "get") return;
  const held = unsaved.get(detail.elt);
  if (held?.again) {
    // What was sent first is sent again, the button that was pressed included.
    for (const name of new Set(detail.formData.keys())) detail.formData.delete(name);
    for (const [name, value] of held.data) {
      detail.formData.append(name, name === "csrf_token" && held.token ? held.token : value);
    }
    Object.assign(detail, { path: held.path, verb: held.verb });
    held.again = false;
  }
  attempts.set(detail.elt, { data: [...detail.formData], path: detail.path, verb: detail.verb });
});

document.addEventListener("htmx:beforeOnLoad", ({ detail }) => {
  // 422 is an answer: the form comes back with its values and what is wrong with them.
  if (detail.xhr.status < 400 || detail.xhr.status === 422) release(detail.requestConfig.elt);
});
document.addEventListener("htmx:afterRequest", ({ detail }) => sending.delete(detail.requestConfig.elt));
document.addEventListener("htmx:sendError", ({ detail }) => failed(detail, null));
document.addEventListener("htmx:timeout", ({ detail }) => failed(detail, null));
document.addEventListener("htmx:responseError", ({ detail }) => failed(detail, detail.xhr));

function failed(detail, xhr) {
  if (!writes(detail)) {
    // That a date could not be said back while the service is away is no loss; saving it will say more.
    if (!detail.requestConfig.path.startsWith("/understood/")) notUpdated(detail.requestConfig.elt);
    return;
  }
  const elt = detail.requestConfig.elt;
  const held = unsaved.get(elt) ?? { tries: 0 };
  Object.assign(held, attempts.get(elt), { tries: held.tries + 1 });
  unsaved.set(elt, held);
  const comesBack = !xhr || COME_BACK.includes(xhr.status) || (xhr.status >= 500 && held.tries < TRIES_AFTER_A_FAULT);
  if (comesBack) {
    setState(elt, "trying");
    say(elt, words.trying, [words.keepOpen], true);
    clearTimeout(held.timer);
    held.timer = setTimeout(() => sendAgain(elt), 1000 * Math.min(LONGEST_WAIT, 2 ** (held.tries - 1)));
  } else {
    setState(elt, "stopped");
    const signedOut = xhr.status === 401 || xhr.getResponseHeader("X-Problem") === "token";
    const lines = signedOut ? [words.signedOut] : [...wordsOf(xhr.responseText), words.stillHere];
    say(elt, words.notSaved, lines, signedOut || xhr.status >= 500, signedOut);
  }
}

async function sendAgain(elt, withNewToken = false) {
  const held = unsaved.get(elt);
  if (!held || !elt.isConnected) return release(elt);
  clearTimeout(held.timer);
  if (withNewToken) held.token = await freshToken() ?? held.token;
  held.again = true;
  sending.delete(elt);
  window.htmx.trigger(elt, elt instanceof HTMLFormElement ? "submit" : "click");
}

// After signing in again the old form token no longer counts; the same page has a new one.
async function freshToken() {
  try {
    const answer = await fetch(location.href, { cache: "no-store" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    return page.querySelector("input[name=csrf_token]")?.value;
  } catch {
    return null;
  }
}

function setState(elt, state) {
  elt.dataset.unsaved = state;
}

function release(elt) {
  const held = unsaved.get(elt);
  if (!held) return;
  clearTimeout(held.timer);
  held.box?.remove();
  unsaved.delete(elt);
  delete elt.dataset.unsaved;
}

function say(elt, title, lines, offerNow, needsToken = false) {
  const held = unsaved.get(elt);
  const said = [title, ...lines].join("\n");
  if (held.said === said && held.box?.isConnected) return;  // saying the same again would be read out again
  held.box?.remove();
  held.said = said;
  held.box = document.createElement("div");
  held.box.className = "app-unsaved";
  held.box.setAttribute("role", "alert");
  held.box.append(paragraph(title, "govuk-body govuk-!-font-weight-bold"));
  for (const line of lines) held.box.append(paragraph(line, "govuk-body"));
  if (offerNow) {
    const now = document.createElement("button");
    now.type = "button";
    now.className = "govuk-button govuk-button--secondary";
    now.textContent = needsToken ? words.tryAgain : words.tryNow;
    now.addEventListener("click", (event) => { event.stopPropagation(); sendAgain(elt, needsToken); });
    held.box.append(now);
  }
  if (elt instanceof HTMLFormElement) elt.append(held.box); else elt.after(held.box);
}

function paragraph(text, classes) {
  const p = document.createElement("p");
  p.className = classes;
  p.textContent = text;
  return p;
}

function wordsOf(html) {
  const answer = new DOMParser().parseFromString(html, "text/html");
  return [...answer.querySelectorAll(".app-problem h1, .app-problem p")].map((line) => line.textContent.trim());
}

// While a form is being sent again it does not change: what is saved is what is seen.
const heldStill = (event) => event.target.closest?.("form[data-unsaved=trying]");
document.addEventListener("beforeinput", (event) => { if (heldStill(event)) event.preventDefault(); }, true);
for (const kind of ["click", "mousedown", "keydown"]) {
  document.addEventListener(kind, (event) => {
    const choice = event.target.matches?.("select, input:is([type=radio], [type=checkbox], [type=file])");
    if (choice && event.key !== "Tab" && heldStill(event)) event.preventDefault();
  }, true);
}

addEventListener("beforeunload", (event) => {
  if ([...unsaved.keys()].some((elt) => elt.isConnected)) event.preventDefault();
});

// ---- Messages ---------------------------------------------------------------------------------------------------

function notice(text, good) {
  const template = document.getElementById("notice");
  if (!template) return;
  const banner = template.content.firstElementChild.cloneNode(true);
  const title = banner.querySelector(".govuk-notification-banner__title");
  if (!good) {
    banner.classList.remove("govuk-notification-banner--success");
    title.textContent = words.important;
  }
  banner.querySelector(".govuk-notification-banner__heading").textContent = text;
  document.getElementById("notices").replaceChildren(banner);
}

document.addEventListener("notice", ({ detail }) => {
  for (const { text, kind } of detail.messages) notice(text, ["success", "message"].includes(kind));
});

function notUpdated() {
  notice(words.notUpdated, false);
}
