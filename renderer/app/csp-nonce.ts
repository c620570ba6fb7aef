/** The nonce of this page. The property is read because the attribute is hidden from scripts. */
export const cspNonce: string = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? '';
