package io.neurograft.proto.transfer;

/** Counts the bytes of artifacts that pass; called from several threads. */
public interface TransferMeter {
  /** Counts nothing. */
  TransferMeter NONE =
      new TransferMeter() {
        @Override
        public void received(int bytes) {}

        @Override
        public void sent(int bytes) {}
      };

  /** A chunk of so many bytes was stored. */
  void received(int bytes);

  /** A chunk of so many bytes was handed to the transport. */
  void sent(int bytes);
}
