// The player. Its bar lies outside #main, so the sound goes on while pages change; its queue and place outlive a reload.

const bar = document.getElementById("player");
const audio = bar.querySelector("audio");
const part = Object.fromEntries([...bar.querySelectorAll("[data-player]")].map((element) => [element.dataset.player, element]));
const STORE = "fairouz-player";

let queue = [];
let place = -1;

const song = () => queue[place];
const clock = (seconds) => {
  const whole = Math.floor(Number.isFinite(seconds) ? seconds : 0);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
};

function songOf(link) {
  const { play: id, title, artist, cover, page, fallback } = link.dataset;
  return { id, title, artist, cover, page, fallback, sound: link.href };
}

/** The songs of the visible list around `link`, each once. */
function listAround(link) {
  const links = [...(link.closest("[data-queue]") ?? link.parentElement).querySelectorAll("[data-play]")];
  return [...new Map(links.map((other) => [other.dataset.play, songOf(other)])).values()];
}

function load(index, { at = 0, start = true } = {}) {
  place = index;
  const now = song();
  part.problem.textContent = "";
  audio.src = now.sound;
  if (at) audio.addEventListener("loadedmetadata", () => { audio.currentTime = at; }, { once: true });
  show();
  if (start) play();
}

function play() {
  // A refusal (no gesture yet, no decoder) shows in the bar by the audio's own events.
  audio.play().catch(show);
}

/** The clip cannot be decoded or fetched: once, the server is asked for it as WAV. */
function failed() {
  const now = song();
  if (!now) return;
  if (now.fallback && now.sound !== now.fallback) {
    now.sound = now.fallback;
    load(place);
    return;
  }
  part.problem.textContent = "This clip cannot be played here.";
  show();
}

function toggle() {
  if (audio.paused) play(); else audio.pause();
}

function step(by) {
  if (by < 0 && audio.currentTime > 3) { audio.currentTime = 0; return; }
  if (queue[place + by]) load(place + by);
}

function close() {
  audio.pause();
  audio.removeAttribute("src");
  queue = [];
  place = -1;
  sessionStorage.removeItem(STORE);
  show();
}

function show() {
  const now = song();
  bar.hidden = !now;
  mark();
  if (!now) return;
  part.cover.src = now.cover;
  part.cover.hidden = false;
  part.title.textContent = now.title;
  part.artist.textContent = now.artist;
  part.link.href = now.page;
  part.toggle.dataset.state = audio.paused ? "paused" : "playing";
  part.toggle.setAttribute("aria-label", audio.paused ? "Play" : "Pause");
  part.previous.disabled = place === 0 && audio.currentTime <= 3;
  part.next.disabled = !queue[place + 1];
  showQueue();
  tellSystem(now);
}

function showQueue() {
  part.queue.replaceChildren(...queue.map((item, index) => {
    const row = document.createElement("li");
    const button = document.createElement("button");
    const title = document.createElement("bdi");
    const artist = document.createElement("small");
    title.textContent = item.title;
    artist.textContent = item.artist;
    button.type = "button";
    button.append(title, artist);
    button.addEventListener("click", () => load(index));
    if (index === place) button.setAttribute("aria-current", "true");
    row.append(button);
    return row;
  }));
}

function showTime() {
  const length = Number.isFinite(audio.duration) ? audio.duration : 0;
  part.seek.max = length || 1;
  if (!part.seek.matches(":active")) part.seek.value = audio.currentTime;
  part.seek.style.setProperty("--played", `${length ? (audio.currentTime / length) * 100 : 0}%`);
  part.seek.setAttribute("aria-valuetext", `${clock(audio.currentTime)} of ${clock(length)}`);
  part.now.textContent = clock(audio.currentTime);
  part.length.textContent = clock(length);
  keep();
}

/** Every play button of the page that belongs to the song in the bar shows its state. */
function mark() {
  for (const button of document.querySelectorAll("[data-play], [data-play-same]")) {
    const same = song()?.id === (button.dataset.play ?? button.dataset.playSame);
    if (same) button.dataset.state = audio.paused ? "paused" : "playing"; else delete button.dataset.state;
    const words = button.querySelector("span");
    if (words) words.textContent = same && !audio.paused ? "Pause" : "Play";
  }
}

function keep() {
  if (!song()) return;
  sessionStorage.setItem(STORE, JSON.stringify({ queue, place, at: audio.currentTime }));
}

function restore() {
  const saved = sessionStorage.getItem(STORE);
  if (!saved) return;
  const { queue: songs, place: index, at } = JSON.parse(saved);
  queue = songs;
  load(index, { at, start: false });
}

function tellSystem(now) {
  if (!("mediaSession" in navigator)) return;
  navigator.mediaSession.metadata = new MediaMetadata({ title: now.title, artist: now.artist, artwork: [{ src: now.cover }] });
  navigator.mediaSession.playbackState = audio.paused ? "paused" : "playing";
}

function chosen(event) {
  const same = event.target.closest("[data-play-same]");
  const link = same ? document.querySelector(`[data-play="${CSS.escape(same.dataset.playSame)}"]`) : event.target.closest("[data-play]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  if (song()?.id === link.dataset.play) { toggle(); return; }
  queue = listAround(link);
  load(queue.findIndex((item) => item.id === link.dataset.play));
}

// Space plays and pauses wherever it would not press or type something else
function onSpace(event) {
  if (event.key !== " " || event.target.closest("a, button, input, select, textarea, summary, [tabindex='0']") || !song()) return;
  event.preventDefault();
  toggle();
}

document.addEventListener("click", chosen);
document.addEventListener("keydown", onSpace);
document.addEventListener("htmx:afterSettle", mark);
document.addEventListener("htmx:historyRestore", mark);
addEventListener("pagehide", keep);

part.toggle.addEventListener("click", toggle);
part.previous.addEventListener("click", () => step(-1));
part.next.addEventListener("click", () => step(1));
part.close.addEventListener("click", close);
part.seek.addEventListener("input", () => { audio.currentTime = Number(part.seek.value); });

for (const event of ["play", "pause"]) audio.addEventListener(event, show);
for (const event of ["timeupdate", "loadedmetadata", "seeked"]) audio.addEventListener(event, showTime);
audio.addEventListener("ended", () => { if (queue[place + 1]) step(1); else show(); });
audio.addEventListener("error", failed);

if ("mediaSession" in navigator) {
  const session = navigator.mediaSession;
  session.setActionHandler("play", play);
  session.setActionHandler("pause", () => audio.pause());
  session.setActionHandler("previoustrack", () => step(-1));
  session.setActionHandler("nexttrack", () => step(1));
  session.setActionHandler("seekto", ({ seekTime }) => { audio.currentTime = seekTime; });
}

restore();
