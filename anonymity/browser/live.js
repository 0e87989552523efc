/**
 * Lists that renew themselves while somebody filters them (htmx). Without this script each is a plain form.
 *
 * The page's policy of Trusted Types knows one policy, "default": what htmx parses are answers of our own host to
 * addresses that stand in our own pages.
 */
import htmx from "htmx.org";

/** @type {any} */ (window).trustedTypes?.createPolicy("default", { createHTML: (/** @type {string} */ text) => text });
/** @type {any} */ (window).htmx = htmx;

/** The way to the other language leads to what is shown now. */
document.addEventListener("htmx:after:history:push", () => {
  for (const link of /** @type {NodeListOf<HTMLAnchorElement>} */ (document.querySelectorAll("a[hreflang]"))) {
    link.search = location.search;
  }
});
