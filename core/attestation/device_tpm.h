#pragma once

#include "core/attestation/activation_challenge.h"
#include "core/attestation/endorsement_key.h"
#include "core/attestation/ship_state.h"
#include "core/attestation/tpm_identity.h"
#include "core/attestation/tpm_state.h"

#include <chrono>
#include <vector>

namespace enroll::attestation {

/// The commands and bytes that a run exchanged with the TPM.
struct TpmTraffic {
    std::uint64_t commands = 0;
    std::uint64_t bytesOut = 0;
    std::uint64_t bytesIn = 0;
    std::uint64_t retries = 0;         ///< commands sent again: "not now", or a misread area
    std::chrono::microseconds busy{0}; ///< last byte of a command sent to last byte of its response, summed
    bool operator==(const TpmTraffic&) const = default;
};

enum class Persistence { LeaveAsIs, PersistIfAbsent };

/// Which of the keys that were read shall become persistent in the TPM.
struct KeysToPersist {
    Persistence endorsementKey = Persistence::LeaveAsIs;
    Persistence storageRootKey = Persistence::LeaveAsIs;
    bool operator==(const KeysToPersist&) const = default;
};

/// Every endorsement key that a TPM can show.
struct EndorsementKeySurvey {
    std::vector<EndorsementKeyReading> readings; ///< the chosen one first
    std::optional<Error> notChosen;              ///< D-113, D-135: why the chosen one is not among them
};

/// What the NV indices 0x01C00100 to 0x01C001FF hold: certificates of the EK certificate's issuers.
struct StoredCertificates {
    Bytes der;                           ///< one after another
    std::vector<std::string> unreadable; ///< English: why an index that is there gives out nothing
};

/// Whether the TPM is to list the NV indices of its owner beside its persistent objects: a command more, and two for each
/// index in its maker's range.
enum class Contents { NotAsked, Listed };

/// What a TPM says under the protection of a salted session.
struct ProtectedReading {
    TpmIdentity identity;
    TpmState state;
    Bytes endorsementKey; ///< TPM2B_PUBLIC
    Bytes storageRootKey; ///< likewise
    /// What lies in the NV index where the certificate was found; absent if none was found.
    std::optional<Bytes> certificateNv;
    std::optional<TpmContents> contents; ///< absent: not asked for
    bool operator==(const ProtectedReading&) const = default;
};

/// Port: the TPM of one device under test. It exchanges commands; nothing here judges what the TPM answers.
///
/// Every call is made on one thread and blocks it, at most for its commands' deadlines. Whatever a call loads into the
/// TPM is flushed before release() returns, on every path.
///
/// \par Errors   common to all calls: D-101 (no connection), D-102 (no answer in time), D-103, D-105, D-106 (the answer
///               breaks a rule), D-104 (self-test failed), D-108 (stays busy), D-109 (a command refused), D-110 (it
///               was restarted: what the station had loaded is gone), D-111 (no free memory), D-112 (a password is
///               set), D-118 (locked out), D-140 (it answered before, and no device is there now), D-141 (a stop was asked)
class DeviceTpm {
public:
    virtual ~DeviceTpm() = default;

    /// Opens the channel and reads the properties. What a run that was killed left loaded is flushed. Error D-101 if no
    /// TPM 2.0 answers.
    virtual Result<void> connect() = 0;

    /// What the device says that its serial number is, asked on the line of this test; empty: who relays its TPM knows none.
    /// Nothing: nobody on the line says one, as with a TPM that no enroll-agent relays. A claim that nothing proves. One
    /// command. connect() before.
    virtual Result<std::optional<std::string>> announcedSerial() = 0;

    virtual Result<TpmIdentity> identify() = 0;

    /// How the TPM stood at connect(), before anything was tried that counts towards lockout.
    virtual Result<TpmState> readState() = 0;

    /// The endorsement key that the profile chooses, with its certificate. Neither persists nor evicts. Error D-113 if
    /// the TPM has no such key, D-135 if something else lies at its handle.
    virtual Result<EndorsementKeyReading> readEndorsementKey(const EkChoice& choice) = 0;

    /// The chosen endorsement key as readEndorsementKey() returns it, then those at persistent handles, then those of
    /// every template of the catalog that this TPM makes a key from, the maker's in NV beside the catalog's own. Slow:
    /// creates keys. Spends no try that counts towards lockout: what such a one alone would read is not read.
    virtual Result<EndorsementKeySurvey> readAllEndorsementKeys(const EkChoice& choice) = 0;

    /// Spends no try that counts towards lockout.
    virtual Result<StoredCertificates> readCertificateChain() = 0;

    /// The TPM2B_PUBLIC of the key at 0x81000001; if the handle is free, of a new key from the template of DPS's device
    /// SDKs. Error D-114 if the TPM makes none, D-135 if what lies there is none that an empty password can use.
    virtual Result<Bytes> provideStorageRootKey() = 0;

    /// Activates a challenge with the keys that were read before (TPM2_ActivateCredential, TPM2_Import, TPM2_Load), so
    /// that sign() works. The loaded key is never made persistent. Errors D-131 if the TPM refuses the challenge,
    /// D-132 if it holds the keys under other names than it showed.
    virtual Result<void> activate(const ActivationBlob& blob) = 0;

    /// Asks once more for everything that was read before, with each response under an HMAC that only the holder of
    /// this endorsement key can compute: nobody on the line can have altered or made up what is returned. activate()
    /// before this. Error D-132 if an HMAC is wrong, an object is loaded that the station did not load, or a persistent
    /// handle is free of which it was said before that a key lies there, or is taken, and it was said to be free.
    ///
    /// An HMAC covers the names of keys and not their handles: that a key lies at a handle is known as far as the handle
    /// is taken, the TPM has the key, and it had no object loaded beside the station's when it was asked for those. Not seen
    /// is a part on the line that takes its object out of the TPM while it is asked, and one that keeps the key at the handle
    /// for as long as the test takes: the passwords of a new device, which are empty, let it do both. The key is the TPM's
    /// own all the same; the device may show another one in the field, and is refused there.
    virtual Result<ProtectedReading> readProtected(Contents contents) = 0;

    /// TPM2B_PUBLIC of each restricted decryption key that lies at a handle for endorsement keys (0x81010000 to 0x8101FFFF),
    /// where the TPM listed one in readProtected() and nothing was read before. A command each; none where it listed no such
    /// handle. Flushes the activated key to make room: sign() and readProtected() before this. Error D-132 if a handle is
    /// said to be free now.
    ///
    /// What is returned came in the clear. It speaks against a device alone, and no session would prove more: whoever can
    /// alter the answer can lead the command to another key of the TPM, or take this one out for the test.
    virtual Result<std::vector<Bytes>> readOtherKeys() = 0;

    /// HMAC-SHA256 by the activated key over at most 1024 bytes.
    virtual Result<Bytes> sign(ByteView message) = 0;

    /// Makes the keys that were read persistent, as far as \p keys asks: the endorsement key at its row's handle, unless
    /// something else lay there when it was read, the storage root key at 0x81000001. Never evicts what it did not keep.
    /// Flushes the activated key to make room: sign() before this. Each key is read back under protection, and its handle
    /// is listed. Errors D-132 if it is not there, or if something is said to lie at a handle that was free; D-135 if
    /// memory is full.
    virtual Result<void> persistKeys(const KeysToPersist& keys) = 0;

    /// Flushes what this object loaded and closes the channel. A second call does nothing; the destructor calls it. An
    /// error means that something may still be loaded in the TPM.
    virtual Result<void> release() = 0;

    [[nodiscard]] virtual TpmTraffic traffic() const = 0;

protected:
    DeviceTpm() = default;
    DeviceTpm(const DeviceTpm&) = default;
    DeviceTpm& operator=(const DeviceTpm&) = default;
};

} // namespace enroll::attestation
