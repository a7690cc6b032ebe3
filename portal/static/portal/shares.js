// Copying a link with one click, where the browser allows it.
document.querySelectorAll("[data-copy]").forEach((button) => {
  if (!navigator.clipboard) return;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    const said = document.getElementById("copied");
    said.textContent = said.dataset.said;
    button.textContent = "✓";
  });
});
document.querySelectorAll(".share-link").forEach((field) => field.addEventListener("focus", () => field.select()));
