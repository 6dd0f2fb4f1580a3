// Opens citations in the pane beside the chat, copies answers, brings the focus back where it was, and says what
// Gradio says itself in the page's language.
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

  // Gradio speaks the browser's language, or English; the page speaks the one that was chosen.
  function translate() {
    const words = JSON.parse(document.getElementById("news-title")?.dataset.gradio ?? "{}");
    for (const element of document.querySelectorAll("[aria-label], [title]")) {
      for (const name of ["aria-label", "title"]) {
        const said = words[element.getAttribute(name)];
        if (said && said !== element.getAttribute(name)) element.setAttribute(name, said);
      }
    }
    const texts = document.createTreeWalker(document.getElementById("upload") ?? document.head, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      const here = texts.currentNode.data.trim().replace(/\s+/g, " ");
      const number = here.match(/\d+/)?.[0];
      const said = (words[here] ?? words[here.replace(/\d+/, "{n}")])?.replace("{n}", number);
      if (said && said !== here) texts.currentNode.data = said;
    }
  }

  // The last question stays at the top, so that its answer is read from its beginning, until the reader scrolls.
  let nQuestions = 0;
  let isScrolled = false;
  for (const name of ["wheel", "touchmove", "pointerdown", "keydown"]) {
    document.addEventListener(name, (event) => {
      if (event.target.closest?.("#conversation")) isScrolled = true;
    }, { passive: true });
  }
  function showLastQuestion() {
    const questions = document.querySelectorAll("#conversation .user-row");
    if (questions.length !== nQuestions) isScrolled = false;
    nQuestions = questions.length;
    const last = questions[nQuestions - 1];
    const scroller = last?.closest(".bubble-wrap");
    if (scroller && !isScrolled) {
      scroller.scrollTop += last.getBoundingClientRect().top - scroller.getBoundingClientRect().top;
    }
  }

  let isAsked = false;
  new MutationObserver(() => {
    if (isAsked) return;
    isAsked = true;
    setTimeout(() => { isAsked = false; translate(); showLastQuestion(); }, 100);
  }).observe(document, { childList: true, subtree: true });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
  });
})();
