// Sends the form with the token that stands behind the # of the link, and says what came of it.
const form = document.querySelector("form");
const answer = document.querySelector("#answer");

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const given = Object.fromEntries(new FormData(form));
  try {
    const response = await fetch(form.dataset.path, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ ...given, token: location.hash.slice(1) }),
    });
    const told = await response.json();
    if (response.ok) {
      form.hidden = true;
      answer.textContent = form.dataset.done;
    } else {
      answer.textContent = told.message;
    }
  } catch {
    answer.textContent = "The gateway cannot be reached. Try again.";
  }
});
