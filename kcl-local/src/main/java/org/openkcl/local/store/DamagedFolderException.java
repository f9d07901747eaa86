package org.openkcl.local.store;

/** A data folder cannot be read, and going on without a part of it would lose records. */
public final class DamagedFolderException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  DamagedFolderException(String message) {
    super(message);
  }

  DamagedFolderException(String message, Throwable cause) {
    super(message, cause);
  }
}
