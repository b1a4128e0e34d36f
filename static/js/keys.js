/* Passkeys and security keys: the page tells which question to ask the browser, this script carries the answer. */
(function () {
  var form = document.querySelector("[data-iprof-key]");
  if (!form) return;
  var kind = form.dataset.iprofKey;
  var problem = form.querySelector("[data-iprof-key-problem]");
  var start = form.querySelector("[data-iprof-key-start]");
  function say(text) {
    problem.textContent = text;
    problem.hidden = false;
  }
  function question() {
    if (kind !== "sign-in") return Promise.resolve(JSON.parse(document.getElementById("key-options").textContent));
    return fetch(form.action, { headers: { Accept: "application/json" } }).then(function (response) {
      if (!response.ok) throw new Error("no challenge");
      return response.json();
    });
  }
  if (!window.PublicKeyCredential) {
    if (kind !== "sign-in") say("Ce navigateur ne sait pas utiliser de clé. Choisissez un autre moyen, ou un navigateur à jour.");
    return;
  }
  form.hidden = false;
  start.hidden = false;
  start.addEventListener("click", function () {
    problem.hidden = true;
    question().then(function (options) {
      return kind === "add" ? window.webauthnJSON.create(options) : window.webauthnJSON.get(options);
    }).then(function (answer) {
      form.querySelector("[name=credential]").value = JSON.stringify(answer);
      form.submit();
    }).catch(function () {
      say("La clé n'a pas répondu, ou vous avez annulé. Branchez-la ou déverrouillez l'appareil, puis recommencez.");
    });
  });
})();
