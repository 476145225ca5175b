const APP = "[data-testid=stApp]";

function isAway() {
  const app = document.querySelector(APP);
  return app !== null && app.dataset.testConnectionState !== "CONNECTED";
}
