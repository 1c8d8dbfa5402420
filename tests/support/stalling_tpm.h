#pragma once

#include "core/attestation/device_tpm.h"
#include "core/base/device_code.h"

#include <condition_variable>
#include <mutex>
#include <stop_token>

namespace enroll::test {

/// A TPM that never answers. Like a channel that is waited on, it ends a wait when a stop is asked, and only then.
class StallingTpm final : public attestation::DeviceTpm {
public:
    explicit StallingTpm(std::stop_token stop) : m_stop(std::move(stop)) {}

    Result<void> connect() override { return stall(); }
    Result<std::optional<std::string>> announcedSerial() override { return stall(); }
    Result<attestation::TpmIdentity> identify() override { return stall(); }
    Result<attestation::TpmState> readState() override { return stall(); }
    Result<attestation::EndorsementKeyReading> readEndorsementKey(const attestation::EkChoice&) override
    {
        return stall();
    }
    Result<attestation::EndorsementKeySurvey> readAllEndorsementKeys(const attestation::EkChoice&) override
    {
        return stall();
    }
    Result<attestation::StoredCertificates> readCertificateChain() override { return stall(); }
    Result<Bytes> provideStorageRootKey() override { return stall(); }
    Result<void> persistKeys(const attestation::KeysToPersist&) override { return stall(); }
    Result<void> activate(const attestation::ActivationBlob&) override { return stall(); }
    Result<attestation::ProtectedReading> readProtected(attestation::Contents) override { return stall(); }
    Result<std::vector<Bytes>> readOtherKeys() override { return stall(); }
    Result<Bytes> sign(ByteView) override { return stall(); }
    Result<void> release() override { return {}; }
    [[nodiscard]] attestation::TpmTraffic traffic() const override { return {}; }

private:
    Error stall()
    {
        std::unique_lock lock(m_mutex);
        m_never.wait(lock, m_stop, [] { return false; });
        return makeError(DeviceCode::Cancelled, "a stop was asked", "test TPM");
    }

    std::stop_token m_stop;
    std::mutex m_mutex;
    std::condition_variable_any m_never;
};

} // namespace enroll::test
