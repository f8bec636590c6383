import { CloseButton, Modal } from '@mantine/core';
import { type ReactNode, useLayoutEffect } from 'react';
import styles from './dialog.module.css';

interface DialogProps {
  readonly title: string;
  readonly opened: boolean;
  /** Without it the dialog stays until its work is done. */
  readonly onClose?: () => void;
  readonly children: ReactNode;
}

const stay = () => {};

/** Gives the focus back to what had it, also when the dialog goes away as a whole. */
function useFocusBack(opened: boolean): void {
  useLayoutEffect(() => {
    if (!opened) return undefined;
    const before = document.activeElement;
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    };
  }, [opened]);
}

/** A question or a sheet over the page. Without scroll lock, whose style element the content security policy refuses. */
export function Dialog({ title, opened, onClose, children }: DialogProps) {
  useFocusBack(opened);
  return (
    <Modal.Root opened={opened} onClose={onClose ?? stay} size={420} lockScroll={false}>
      <Modal.Overlay backgroundOpacity={0.35} />
      <Modal.Content aria-label={title}>
        <Modal.Body>
          <div className={styles.title}>
            <h2>{title}</h2>
            {onClose !== undefined && <CloseButton aria-label="Close" onClick={onClose} />}
          </div>
          {children}
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}
