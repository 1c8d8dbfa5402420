#include "app/self_check/specimens.h"

namespace enroll::app::self_check {
namespace {

using namespace attestation;

class WrongAnswer final : public DeviceTpm {
public:
    explicit WrongAnswer(std::unique_ptr<DeviceTpm> tpm) : m_tpm(std::move(tpm)) {}

    Result<void> connect() override { return m_tpm->connect(); }
    Result<std::optional<std::string>> announcedSerial() override { return m_tpm->announcedSerial(); }
    Result<TpmIdentity> identify() override { return m_tpm->identify(); }
    Result<TpmState> readState() override { return m_tpm->readState(); }
    Result<EndorsementKeyReading> readEndorsementKey(const EkChoice& choice) override
    {
        return m_tpm->readEndorsementKey(choice);
    }
    Result<EndorsementKeySurvey> readAllEndorsementKeys(const EkChoice& choice) override
    {
        return m_tpm->readAllEndorsementKeys(choice);
    }
    Result<StoredCertificates> readCertificateChain() override { return m_tpm->readCertificateChain(); }
    Result<Bytes> provideStorageRootKey() override { return m_tpm->provideStorageRootKey(); }
    Result<void> activate(const ActivationBlob& blob) override { return m_tpm->activate(blob); }
    Result<ProtectedReading> readProtected(Contents contents) override { return m_tpm->readProtected(contents); }
    Result<std::vector<Bytes>> readOtherKeys() override { return m_tpm->readOtherKeys(); }
    Result<Bytes> sign(ByteView message) override
    {
        TRY_ASSIGN(auto signature, m_tpm->sign(message));
        if (!signature.empty()) {
            signature.front() ^= std::byte{1};
        }
        return signature;
    }
    Result<void> persistKeys(const KeysToPersist& keys) override { return m_tpm->persistKeys(keys); }
    Result<void> release() override { return m_tpm->release(); }
    [[nodiscard]] TpmTraffic traffic() const override { return m_tpm->traffic(); }

private:
    std::unique_ptr<DeviceTpm> m_tpm;
};

} // namespace

std::string_view specimenText(Specimen specimen) noexcept
{
    switch (specimen) {
    case Specimen::Good:
        return "good";
    case Specimen::UnknownIssuer:
        return "unknown issuer";
    case Specimen::WrongAnswer:
        break;
    }
    return "wrong answer";
}

std::unique_ptr<DeviceTpm> withWrongAnswer(std::unique_ptr<DeviceTpm> tpm)
{
    return std::make_unique<WrongAnswer>(std::move(tpm));
}

} // namespace enroll::app::self_check
