#pragma once

#include "core/attestation/device_tpm.h"
#include "core/attestation/storage_root_key.h"
#include "core/crypto/public_key.h"

namespace enroll::attestation {

/// What a run learned about a device; a part is present once its step succeeded.
struct AttestationFacts {
    std::optional<std::string> announcedSerial; ///< by the device, where it was asked; a claim
    std::optional<TpmIdentity> tpm;
    std::optional<TpmState> tpmState;
    std::optional<EndorsementKeyEvidence> endorsementKey;
    std::vector<crypto::PublicKey> otherKeys; ///< otherKeysOf() the reading of that key; for a further check alone
    std::optional<Error> certificateFault;    ///< D-124: what its NV index holds is no certificate; D-121: nothing
    std::optional<Error> besideCertificate;   ///< D-124: something behind or before the certificate cannot be read
    std::optional<crypto::PathJudgement> certificatePath;
    std::optional<StorageRootKeyEvidence> storageRootKey;
    std::optional<TpmContents> contents; ///< where the policy looks at how a device ships
    bool possessionProven = false;       ///< the activation challenge was answered
};

} // namespace enroll::attestation
