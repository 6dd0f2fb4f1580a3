// Opens citations in the pane beside the chat, copies answers, and brings the focus back where it was.
(() => {
  "use strict";
  let opener = null;

  const pane = () => document.getElementById("source-pane");

  async function open(link) {
    const target = document.getElementById("source");
    if (!target) return false;
    const address = new URL(link.href);
    address.searchParams.set("part", "true");
    const response = await fetch(address);
    target.innerHTML = await response.text(); // rendered and escaped by the server
    if (!pane().contains(link)) opener = link.getAttribute("href");
    pane().classList.add("news-open");
    target.querySelector("h2")?.focus({ preventScroll: true });
    const quote = target.querySelector("mark");
    const scroller = target.querySelector(".news-article");
    if (scroller) scroller.scrollTop = quote ? quote.offsetTop - scroller.clientHeight / 3 : 0;
    return true;
  }

  function close() {
    if (!pane()?.classList.contains("news-open")) return;
    pane().classList.remove("news-open");
    const links = [...document.querySelectorAll("#conversation a.news-n")];
    links.find((link) => link.getAttribute("href") === opener)?.focus();
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a.news-n");
    if (link && pane() && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      open(link);
    }
    if (event.target.closest("[data-close]")) close();
    const copy = event.target.closest("[data-copy]");
    if (copy) {
      const said = copy.textContent;
      navigator.clipboard.writeText(copy.dataset.copy).then(() => {
        copy.textContent = copy.dataset.copied;
        setTimeout(() => { copy.textContent = said; }, 2000);
      });
    }
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
  });
})();
