#pragma once

#include "core/attestation/device_tpm.h"
#include "tests/support/device_keys.h"

#include <functional>
#include <map>

namespace enroll::test {

enum class TpmCall {
    Connect,
    AskSerial,
    Identify,
    ReadState,
    ReadEndorsementKey,
    ReadAll,
    ReadCertificateChain,
    ProvideStorageRootKey,
    Activate,
    ReadProtected,
    ReadOtherKeys,
    Sign,
    PersistKeys,
    Release
};

/// A device's TPM made of software and real keys: it opens a challenge by the same steps as a chip (seed, integrity,
/// decryption, inner integrity, unique) and signs with what it found inside.
///
/// Every call can be made to fail. Like a chip it may fail half-way: what the call had loaded by then stays loaded
/// until release().
class FakeDeviceTpm : public attestation::DeviceTpm {
public:
    explicit FakeDeviceTpm(DeviceKeys keys);

    /// \p from  the number of the first such call that fails
    void failOn(TpmCall call, Error error, int from = 1)
    {
        m_faults.insert_or_assign(call, Fault{std::move(error), from});
    }
    void setIdentity(attestation::TpmIdentity identity) { m_identity = std::move(identity); }
    /// What it says that its serial number is; absent, as at first: nobody on the line says one. \p later what it says from
    /// the second question on.
    void announce(const std::optional<std::string>& serial) { announce(serial, serial); }
    void announce(std::optional<std::string> serial, std::optional<std::string> later)
    {
        m_announced = std::move(serial);
        m_announcedLater = std::move(later);
    }
    void setState(const attestation::TpmState& state) { m_state = state; }
    void setContents(attestation::TpmContents contents) { m_contents = std::move(contents); }
    /// What lies in the EK certificate's NV index; absent: no such index.
    void setCertificateNv(std::optional<Bytes> content) { m_certificateNv = std::move(content); }
    /// Why the index does not give out its certificate.
    void setCertificateUnreadable(std::string why) { m_certificateUnreadable = std::move(why); }
    void setCertificateChain(Bytes der) { m_certificateChain.der = std::move(der); }
    /// Why an index of the chain does not give out its certificates.
    void setChainUnreadable(std::string why) { m_certificateChain.unreadable = {std::move(why)}; }
    /// Changes what is read of the key that it presents.
    void changeReading(std::function<void(attestation::EndorsementKeyReading&)> change)
    {
        m_changeReading = std::move(change);
    }
    /// A key that only a survey finds, behind the one that it presents.
    void surveyBesides(attestation::EndorsementKeyReading reading) { m_surveyed.push_back(std::move(reading)); }
    /// Another key than the one it presents is persistent at \p handle.
    void setOtherKeyAt(std::uint32_t handle) { m_otherKeyAt = handle; }
    /// Another endorsement key lies where none is looked for on the way to the one that it presents.
    void holdBesides(Bytes tpm2bPublic) { m_otherKeys.push_back(std::move(tpm2bPublic)); }
    /// Presents other bytes than those of the keys it holds.
    void presentEndorsementKey(Bytes tpm2bPublic) { m_ekPublic = std::move(tpm2bPublic); }
    void presentStorageRootKey(Bytes tpm2bPublic) { m_srkPublic = std::move(tpm2bPublic); }
    /// What the TPM says under protection differs from what it said in the clear: a part on the line altered that.
    void sayUnderProtection(std::function<void(attestation::ProtectedReading&)> change)
    {
        m_change = std::move(change);
    }
    /// One bit of each signature is turned over on the way to the station.
    void flipSignatureBit() { m_signatureMask = std::byte{0x01}; }

    [[nodiscard]] int loaded() const noexcept { return m_loaded; }
    [[nodiscard]] int loadedInAll() const noexcept { return m_loadedInAll; }
    [[nodiscard]] const std::vector<TpmCall>& calls() const noexcept { return m_calls; }
    [[nodiscard]] int count(TpmCall call) const noexcept;
    [[nodiscard]] const std::vector<Bytes>& signedMessages() const noexcept { return m_messages; }
    /// What was asked; absent: nobody did.
    [[nodiscard]] const std::optional<attestation::EkChoice>& chosen() const noexcept { return m_choice; }
    [[nodiscard]] const std::optional<attestation::KeysToPersist>& persisted() const noexcept { return m_persisted; }

    Result<void> connect() override;
    Result<std::optional<std::string>> announcedSerial() override;
    Result<attestation::TpmIdentity> identify() override;
    Result<attestation::TpmState> readState() override;
    Result<attestation::EndorsementKeyReading> readEndorsementKey(const attestation::EkChoice& choice) override;
    Result<attestation::EndorsementKeySurvey> readAllEndorsementKeys(const attestation::EkChoice& choice) override;
    Result<attestation::StoredCertificates> readCertificateChain() override;
    Result<Bytes> provideStorageRootKey() override;
    Result<void> persistKeys(const attestation::KeysToPersist& keys) override;
    Result<void> activate(const attestation::ActivationBlob& blob) override;
    Result<attestation::ProtectedReading> readProtected(attestation::Contents contents) override;
    Result<std::vector<Bytes>> readOtherKeys() override;
    Result<Bytes> sign(ByteView message) override;
    Result<void> release() override;
    [[nodiscard]] attestation::TpmTraffic traffic() const override;

private:
    struct Fault {
        Error error;
        int from;
    };

    Result<void> enter(TpmCall call, int handles);
    Result<void> requireConnected() const;

    DeviceKeys m_keys;
    Bytes m_ekPublic;
    Bytes m_srkPublic;
    attestation::TpmIdentity m_identity;
    std::optional<std::string> m_announced;
    std::optional<std::string> m_announcedLater;
    attestation::TpmState m_state;
    attestation::TpmContents m_contents{{attestation::kDeviceSdkHandle}, {}};
    std::optional<Bytes> m_certificateNv;
    std::string m_certificateUnreadable;
    attestation::StoredCertificates m_certificateChain;
    std::optional<std::uint32_t> m_otherKeyAt;
    std::vector<Bytes> m_otherKeys;
    std::optional<attestation::EkChoice> m_choice;
    std::optional<attestation::KeysToPersist> m_persisted;
    std::map<TpmCall, Fault> m_faults;
    std::vector<TpmCall> m_calls;
    std::vector<Bytes> m_messages;
    SecretBytes m_idKey;
    std::function<void(attestation::ProtectedReading&)> m_change;
    std::function<void(attestation::EndorsementKeyReading&)> m_changeReading;
    std::vector<attestation::EndorsementKeyReading> m_surveyed;
    std::byte m_signatureMask{0};
    bool m_connected = false;
    int m_loaded = 0;
    int m_loadedInAll = 0;
};

/// TPM2_ActivateCredential in software: the secret inside the credential. Error D-131 as a chip would refuse.
Result<SecretBytes> openCredential(const DeviceKeys& keys, const attestation::ActivationBlob& blob);

/// TPM2_Import and TPM2_Load in software: the HMAC key inside the duplicate. Error D-131 as a chip would refuse.
Result<SecretBytes> openDuplicate(const DeviceKeys& keys, const attestation::ActivationBlob& blob, ByteView innerKey);

} // namespace enroll::test
