// An animated picture plays where it stands, and stops at the next tap.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-play]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const source = link.querySelector("source");
  const still = source.dataset.still;
  source.dataset.still = still ? "" : source.srcset;
  source.srcset = still || link.href;
  link.classList.toggle("playing", !still);
});
