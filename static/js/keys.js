/* Passkeys and security keys: allauth's scripts talk to the browser, this one connects them to the page. */
(function () {
  var form = document.querySelector("[data-iprof-key]");
  if (!form) return;
  var problem = form.querySelector("[data-iprof-key-problem]");
  var ids = { add: "key-start", authenticate: "key-start", credential: "id_credential", data: "key-options" };
  function say(text) {
    problem.textContent = text;
    problem.hidden = false;
  }
  if (!window.PublicKeyCredential) {
    say("Ce navigateur ne sait pas utiliser de clé. Choisissez un autre moyen, ou un navigateur à jour.");
    return;
  }
  document.getElementById("key-start").hidden = false;
  document.addEventListener("allauth.error", function (event) {
    event.preventDefault();
    say("La clé n'a pas répondu, ou vous avez annulé. Branchez-la ou déverrouillez l'appareil, puis recommencez.");
  });
  var forms = window.allauth.webauthn.forms;
  if (form.dataset.iprofKey === "add") forms.addForm({ ids: ids }); else forms.authenticateForm({ ids: ids });
})();
