#include "tests/support/fake_device_tpm.h"

#include "core/attestation/public_area.h"
#include "core/base/device_code.h"
#include "core/crypto/hmac.h"

#include <algorithm>

namespace enroll::test {

using namespace attestation;

FakeDeviceTpm::FakeDeviceTpm(DeviceKeys keys)
    : m_keys(std::move(keys)), m_ekPublic(marshalPublic(m_keys.endorsementKey.area)),
      m_srkPublic(marshalPublic(m_keys.storageRootKey.area)), m_identity{"IFX",         0x49465800, "SLB9670",
                                                                         "7.85.4555.0", 138,        false}
{}

int FakeDeviceTpm::count(TpmCall call) const noexcept
{
    return static_cast<int>(std::ranges::count(m_calls, call));
}

Result<void> FakeDeviceTpm::enter(TpmCall call, int handles)
{
    m_calls.push_back(call);
    m_loaded += handles;
    m_loadedInAll += handles;
    if (const auto fault = m_faults.find(call); fault != m_faults.end() && count(call) >= fault->second.from) {
        return fault->second.error;
    }
    return {};
}

Result<void> FakeDeviceTpm::requireConnected() const
{
    if (!m_connected) {
        return makeError(DeviceCode::NoTpmAnswers, "not connected");
    }
    return {};
}

Result<void> FakeDeviceTpm::connect()
{
    TRY(enter(TpmCall::Connect, 0));
    m_connected = true;
    return {};
}

Result<std::optional<std::string>> FakeDeviceTpm::announcedSerial()
{
    TRY(requireConnected());
    TRY(enter(TpmCall::AskSerial, 0));
    return count(TpmCall::AskSerial) == 1 ? m_announced : m_announcedLater;
}

Result<TpmIdentity> FakeDeviceTpm::identify()
{
    TRY(requireConnected());
    TRY(enter(TpmCall::Identify, 0));
    return m_identity;
}

Result<TpmState> FakeDeviceTpm::readState()
{
    TRY(requireConnected());
    TRY(enter(TpmCall::ReadState, 0));
    return m_state;
}

Result<EndorsementKeyReading> FakeDeviceTpm::readEndorsementKey(const EkChoice& choice)
{
    TRY(requireConnected());
    m_choice = choice;
    TRY(enter(TpmCall::ReadEndorsementKey, 1));
    EndorsementKeyReading reading;
    reading.publicArea = m_ekPublic;
    reading.templateKind = EkTemplate::TcgL1;
    reading.source.persistentHandle = kDeviceSdkHandle;
    reading.certificateNv = m_certificateNv;
    reading.certificateUnreadable = m_certificateUnreadable;
    reading.otherKeyAt = m_otherKeyAt;
    if (m_changeReading) {
        m_changeReading(reading);
    }
    return reading;
}

Result<EndorsementKeySurvey> FakeDeviceTpm::readAllEndorsementKeys(const EkChoice& choice)
{
    TRY(enter(TpmCall::ReadAll, 0));
    TRY_ASSIGN(auto reading, readEndorsementKey(choice));
    EndorsementKeySurvey survey{{std::move(reading)}, std::nullopt};
    survey.readings.insert(survey.readings.end(), m_surveyed.begin(), m_surveyed.end());
    return survey;
}

Result<StoredCertificates> FakeDeviceTpm::readCertificateChain()
{
    TRY(requireConnected());
    TRY(enter(TpmCall::ReadCertificateChain, 0));
    return m_certificateChain;
}

Result<Bytes> FakeDeviceTpm::provideStorageRootKey()
{
    TRY(requireConnected());
    TRY(enter(TpmCall::ProvideStorageRootKey, 1));
    return m_srkPublic;
}

Result<void> FakeDeviceTpm::activate(const ActivationBlob& blob)
{
    TRY(requireConnected());
    TRY(enter(TpmCall::Activate, 1)); // the policy session
    TRY_ASSIGN(const auto innerKey, openCredential(m_keys, blob));
    TRY_ASSIGN(m_idKey, openDuplicate(m_keys, blob, innerKey.view()));
    ++m_loaded; // the HMAC key
    ++m_loadedInAll;
    return {};
}

Result<ProtectedReading> FakeDeviceTpm::readProtected(Contents contents)
{
    TRY(requireConnected());
    TRY(enter(TpmCall::ReadProtected, 0));
    ProtectedReading reading{m_identity, m_state, m_ekPublic, m_srkPublic, m_certificateNv, std::nullopt};
    if (contents == Contents::Listed) {
        reading.contents = m_contents;
    }
    if (m_change) {
        m_change(reading);
    }
    return reading;
}

Result<std::vector<Bytes>> FakeDeviceTpm::readOtherKeys()
{
    TRY(requireConnected());
    TRY(enter(TpmCall::ReadOtherKeys, 0));
    return m_otherKeys;
}

Result<Bytes> FakeDeviceTpm::sign(ByteView message)
{
    TRY(requireConnected());
    TRY(enter(TpmCall::Sign, 0));
    if (m_idKey.empty() || message.size() > 1024) {
        return makeError(DeviceCode::TpmRefusedCommand, "no key is loaded, or the message is too long", "TPM2_HMAC");
    }
    m_messages.push_back(toBytes(message));
    TRY_ASSIGN(auto signature, crypto::hmac(crypto::HashAlgorithm::Sha256, m_idKey.view(), {message}));
    signature.front() ^= m_signatureMask;
    return signature;
}

Result<void> FakeDeviceTpm::persistKeys(const KeysToPersist& keys)
{
    TRY(requireConnected());
    m_persisted = keys;
    return enter(TpmCall::PersistKeys, 0);
}

Result<void> FakeDeviceTpm::release()
{
    auto entered = enter(TpmCall::Release, 0);
    m_loaded = 0;
    m_connected = false;
    m_idKey.wipe();
    return entered;
}

TpmTraffic FakeDeviceTpm::traffic() const
{
    TpmTraffic traffic;
    traffic.commands = m_calls.size();
    return traffic;
}

} // namespace enroll::test
