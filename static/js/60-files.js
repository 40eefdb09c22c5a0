// For each chosen file a field to say what it shows; without a script, Preview offers the same.
document.addEventListener("change", (event) => {
  if (!event.target.matches("input[data-files]")) return;
  const form = event.target.form;
  const place = form.querySelector(".described");
  place.replaceChildren();
  [...event.target.files].forEach((file, number) => {
    const fields = form.querySelector("template").content.cloneNode(true);
    fields.querySelector("b").textContent = file.name;
    fields.querySelector("input").value = number;
    place.append(fields);
  });
});
