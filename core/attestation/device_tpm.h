#pragma once

#include "core/attestation/activation_challenge.h"
#include "core/attestation/endorsement_key.h"
#include "core/attestation/tpm_identity.h"

#include <chrono>
#include <vector>

namespace enroll::attestation {

/// What a run cost on the wire.
struct TpmTraffic {
    std::uint64_t commands = 0;
    std::uint64_t bytesOut = 0;
    std::uint64_t bytesIn = 0;
    std::uint64_t retries = 0;         ///< commands sent again after RETRY, YIELDED or TESTING
    std::chrono::microseconds busy{0}; ///< last byte of a command sent to last byte of its response, summed
    bool operator==(const TpmTraffic&) const = default;
};

enum class Persistence { LeaveAsIs, PersistIfAbsent };

/// Which of the keys that were read are to outlive the run.
struct KeysToPersist {
    Persistence endorsementKey = Persistence::LeaveAsIs;
    Persistence storageRootKey = Persistence::LeaveAsIs;
    bool operator==(const KeysToPersist&) const = default;
};

/// The TPM of one device under test. Talking only: nothing here judges what the TPM says.
///
/// Every call blocks the calling thread for at most its commands' deadlines and is made on one thread. Whatever a call
/// loads into the TPM is flushed before release() returns, on every path. Errors common to all calls: D-101 (no
/// connection), D-102 (no answer in time), D-103/D-105/D-106 (answer breaks the rules), D-104, D-108, D-109, D-111,
/// D-112, D-118, D-141 (a stop was asked).
class DeviceTpm {
public:
    virtual ~DeviceTpm() = default;

    /// Opens the channel and finds a TPM 2.0 at its far end.
    virtual Result<void> connect() = 0;

    virtual Result<TpmIdentity> identify() = 0;

    /// The endorsement key that the profile chooses, with its certificate. Neither persists nor evicts. Error D-113 if
    /// the TPM has no such key.
    virtual Result<EndorsementKeyReading> readEndorsementKey(const EkChoice& choice) = 0;

    /// Every endorsement key this TPM can present: the chosen one first, as readEndorsementKey() returns it, then the
    /// persistent ones and those that the usual templates make. Slow: creates keys. D-113 where none is the chosen one.
    virtual Result<std::vector<EndorsementKeyReading>> readAllEndorsementKeys(const EkChoice& choice) = 0;

    /// The key at 0x81000001 as TPM2B_PUBLIC, or where there is none one made from DPS's template. Error D-114.
    virtual Result<Bytes> provideStorageRootKey() = 0;

    /// TPM2_ActivateCredential, TPM2_Import and TPM2_Load with the keys that were read. Afterwards sign() works. The
    /// key is never made persistent. Error D-131 if the TPM refuses the challenge.
    virtual Result<void> activate(const ActivationBlob& blob) = 0;

    /// HMAC-SHA256 by the activated key over at most 1024 bytes.
    virtual Result<Bytes> sign(ByteView message) = 0;

    /// Makes the keys that were read persistent, where asked and where their handles are free: the endorsement key at
    /// its row's handle, the storage root key at 0x81000001. Never evicts. Flushes the activated key: sign() before it.
    virtual Result<void> persistKeys(const KeysToPersist& keys) = 0;

    /// Flushes whatever this object loaded and closes the channel. Idempotent; the destructor calls it. The error says
    /// what could not be flushed.
    virtual Result<void> release() = 0;

    [[nodiscard]] virtual TpmTraffic traffic() const = 0;

protected:
    DeviceTpm() = default;
    DeviceTpm(const DeviceTpm&) = default;
    DeviceTpm& operator=(const DeviceTpm&) = default;
};

} // namespace enroll::attestation
