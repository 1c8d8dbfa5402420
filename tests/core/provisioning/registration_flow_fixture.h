#pragma once

#include "core/provisioning/enrollment_flow.h"
#include "core/provisioning/registration_flow.h"
#include "tests/support/field_device.h"
#include "tests/support/memory_enrollment_list.h"

#include <QTest>

namespace enroll::test {

/// The service's device side over a list in memory, and a device with real keys.
class RegistrationFlowFixture {
protected:
    static constexpr auto kScope = "0ne00000001";
    static constexpr auto kId = "GX-000183";

    static int codeOf(const provisioning::ServiceError& error) { return static_cast<int>(error.code); }

    std::unique_ptr<MemoryEnrollmentList> m_list;
    UtcTime m_now{};
    // Keys take long to make; no test changes this one's.
    const FieldDevice m_device;

    std::function<UtcTime()> clock()
    {
        return [this] { return m_now; };
    }

    /// A new object for each call: nothing can survive in it.
    provisioning::RegistrationFlow flow(std::vector<std::string> hubs = {"a.hub.test", "b.hub.test"})
    {
        return {provisioning::FlowSettings{kScope, std::move(hubs)}, *m_list, clock()};
    }

    provisioning::IndividualEnrollment stored() { return *must(m_list->enrollment(enrollment::RegistrationId{kId})); }

    void change(const std::function<void(provisioning::IndividualEnrollment&)>& edit)
    {
        auto enrollment = stored();
        edit(enrollment);
        QVERIFY(provisioning::EnrollmentFlow(*m_list, clock()).update(enrollment, {}).ok());
    }

    provisioning::DeviceRequest unsignedRequest() const
    {
        return {kScope, kId, {}, provisioning::DeviceKeys{m_device.endorsementKey(), m_device.storageRootKey()}};
    }

    provisioning::DeviceRequest signedRequest(ByteView idKey) const
    {
        auto request = unsignedRequest();
        request.authorization = FieldDevice::token(kScope, kId, idKey, m_now + std::chrono::hours{1});
        return request;
    }

    /// The key inside a fresh challenge.
    Bytes challengeKey()
    {
        const auto answer = flow().registerDevice(unsignedRequest());
        return m_device.keyInside(std::get<provisioning::Challenge>(answer.value()).blob);
    }

    provisioning::RegistrationOperation
    operationOf(const provisioning::ServiceResult<provisioning::RegisterAnswer>& answer)
    {
        const auto& operation = std::get<provisioning::RegistrationOperation>(answer.value());
        return std::move(*must(m_list->operation(operation.operationId)));
    }

    provisioning::RegistrationOperation registered()
    {
        const auto key = challengeKey();
        const auto operation = operationOf(flow().registerDevice(signedRequest(key)));
        return flow().queryOperation(signedRequest(key), operation.operationId).value();
    }

    void refusesAnswer(const provisioning::DeviceRequest& request, int code)
    {
        const auto answer = flow().registerDevice(request);
        QVERIFY(!answer.ok());
        QCOMPARE(codeOf(answer.error()), code);
    }

    /// Before each test: an empty list, and the device enrolled.
    void enrollDevice()
    {
        m_list = std::make_unique<MemoryEnrollmentList>();
        m_now = UtcTime{std::chrono::sys_days{std::chrono::year{2026} / 11 / 23}};
        provisioning::IndividualEnrollment enrollment;
        enrollment.registrationId = enrollment::RegistrationId{kId};
        enrollment.attestation.endorsementKey = m_device.endorsementKey();
        QVERIFY(provisioning::EnrollmentFlow(*m_list, clock()).create(enrollment).ok());
    }
};

} // namespace enroll::test
