/* Small behaviours; each page works without them. */
(function () {
  /* Show or hide a password. */
  document.querySelectorAll("[data-iprof-reveal]").forEach(function (button) {
    var input = document.getElementById(button.dataset.iprofReveal);
    if (!input) return;
    button.hidden = false;
    button.addEventListener("click", function () {
      var shown = input.type === "text";
      input.type = shown ? "password" : "text";
      button.setAttribute("aria-pressed", String(!shown));
      button.textContent = shown ? "Afficher" : "Masquer";
    });
  });
  function setDisabled(where, disabled) {
    where.querySelectorAll("button[type=submit]").forEach(function (button) { button.disabled = disabled; });
  }
  /* A form is sent once. The button pressed is disabled after the form is read: a disabled one would not say its name. */
  document.querySelectorAll("form[method=post]").forEach(function (form) {
    form.addEventListener("submit", function () {
      setTimeout(function () {
        setDisabled(form, true);
      }, 0);
      /* A file comes and the page stays: it may be asked for again. */
      if ("iprofDownload" in form.dataset) setTimeout(function () { setDisabled(form, false); }, 5000);
    });
  });
  window.addEventListener("pageshow", function () {
    setDisabled(document, false);
  });
  /* Errors first. */
  var errors = document.getElementById("form-errors");
  if (errors) errors.focus();
  /* Paper shows what is folded away. */
  window.addEventListener("beforeprint", function () {
    document.querySelectorAll("main details:not([open]):not(.why)").forEach(function (part) { part.open = true; part.dataset.iprofPrinted = ""; });
  });
  window.addEventListener("afterprint", function () {
    document.querySelectorAll("[data-iprof-printed]").forEach(function (part) { part.open = false; delete part.dataset.iprofPrinted; });
  });
  /* Printing from the page. */
  document.querySelectorAll("[data-iprof-print]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () { window.print(); });
  });
})();
