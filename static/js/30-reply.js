// Reply puts the quotation into the answer that is on the page, after what was typed already.
document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-reply]");
  const form = document.getElementById("composer");
  if (!link || !form || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  try {
    const answer = await fetch(`/messages/${link.dataset.reply}/quote`);
    if (!answer.ok) throw answer;
    const typed = form.text.value.trimEnd();
    form.text.value = (typed ? typed + "\n\n" : "") + (await answer.text());
    form.reply_to.value = link.dataset.reply;
    form.text.focus();
    form.scrollIntoView();
  } catch {
    location.href = link.href;
  }
});
