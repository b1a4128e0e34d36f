/* The rules of a password tick themselves while one types. The server alone decides. */
(function () {
  var rules = document.querySelector("[data-iprof-password-rules]");
  var input = document.querySelector("[data-iprof-password]");
  if (!rules || !input) return;
  var again = document.querySelector("[data-iprof-password-again]");
  var verdict = rules.querySelector("[data-rule-verdict]");
  var count = document.querySelector("[data-iprof-phrase-count]");
  var min = Number(rules.dataset.min);
  function made(text) {
    var letters = text.match(/\p{L}{2,}/gu) || [];
    var distinct = new Set(letters.map(function (word) { return word.toLowerCase(); }));
    return {
      length: Array.from(text).length >= min,
      lower: /\p{Ll}/u.test(text),
      upper: /\p{Lu}/u.test(text),
      digit: /\p{Nd}/u.test(text),
      special: /[^\p{L}\p{N}]/u.test(text),
      phrase: letters.length >= 7 && distinct.size >= 5,
      words: letters.length,
      distinct: distinct.size,
      size: Array.from(text).length
    };
  }
  function phraseText(found) {
    if (found.words < 3) return "";
    if (found.phrase) return "Votre phrase a assez de mots.";
    if (found.words >= 7) return "Votre phrase répète trop les mêmes mots.";
    return "Votre phrase a " + found.words + " mots sur 7.";
  }
  function refresh() {
    var found = made(input.value);
    var classes = 0;
    rules.querySelectorAll("[data-rule]").forEach(function (line) {
      var ok = found[line.dataset.rule];
      line.classList.toggle("is-met", ok);
      if (line.dataset.rule !== "length" && ok) classes += 1;
    });
    var enough = found.phrase || (found.length && classes === 4) || (min === 12 && found.size >= 14 && classes >= 3);
    var text = "";
    if (input.value) text = enough ? "La composition convient." : "La composition ne suffit pas encore.";
    if (enough && again && again.value && again.value !== input.value) text = "Les deux saisies diffèrent.";
    if (verdict.textContent !== text) verdict.textContent = text;
    verdict.classList.toggle("is-met", enough);
    if (count) count.textContent = phraseText(found);
  }
  input.addEventListener("input", refresh);
  if (again) again.addEventListener("input", refresh);
  refresh();
})();
/* Before the idle limit, offer to stay connected (30 minutes without a page). */
(function () {
  var box = document.querySelector("[data-iprof-idle]");
  if (!box) return;
  var idle = Number(box.dataset.iprofIdle) * 1000, warning = Number(box.dataset.iprofWarning) * 1000;
  var button = box.querySelector("button"), text = box.querySelector("[data-idle-text]"), timers = [];
  function plan() {
    timers.forEach(clearTimeout);
    box.hidden = true;
    timers = [setTimeout(function () { box.hidden = false; button.focus(); }, idle - warning),
      setTimeout(function () { text.textContent = "Votre connexion a pris fin. Copiez ce que vous avez saisi avant de vous reconnecter."; button.hidden = true; }, idle)];
  }
  box.querySelector("form").addEventListener("submit", function (event) {
    event.preventDefault();
    fetch(event.target.action, { method: "POST", body: new FormData(event.target), credentials: "same-origin" }).then(function (answer) {
      if (answer.status === 204) { button.disabled = false; plan(); } else { event.target.submit(); }
    });
  });
  plan();
})();
