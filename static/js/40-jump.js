// A link to a message that is on the page goes there without asking the server.
document.addEventListener("click", (event) => {
  const target = document.getElementById(event.target.closest("a[data-jump]")?.dataset.jump);
  if (!target || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  location.hash = target.id;
});
