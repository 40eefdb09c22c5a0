// A picture that waits for a tap comes where it stands; without scripts the link leads to it.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-held]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const figure = link.parentElement;
  link.replaceWith(figure.querySelector("template").content.cloneNode(true));
  figure.querySelector("a").focus({ preventScroll: true });
});
