import { Dialog } from '../parts/dialog.tsx';
import { SignInForm } from '../screens/sign-in/sign-in-form.tsx';

/** Asks for the password again over the page, so that nothing typed or found is lost. */
export function SessionEnded({ name }: { readonly name: string }) {
  return (
    <Dialog title="Your session ended" opened>
      <p>The page behind stays as it is. Sign in to go on where you were.</p>
      <SignInForm name={name} />
    </Dialog>
  );
}
