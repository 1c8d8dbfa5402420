#include "core/provisioning/allocation.h"

#include <QTest>

#include <map>

using namespace enroll::provisioning;
using enroll::enrollment::RegistrationId;

class TestAllocation : public QObject {
    Q_OBJECT

    static IndividualEnrollment enrollmentOf(const std::string& id)
    {
        IndividualEnrollment enrollment;
        enrollment.registrationId = RegistrationId{id};
        return enrollment;
    }

    const std::vector<std::string> m_hubs{"a.test", "b.test", "c.test", "d.test"};

private Q_SLOTS:
    void alwaysChoosesTheSameHubForADevice()
    {
        const auto first = chooseHub(enrollmentOf("GX-1"), m_hubs);
        const auto again = chooseHub(enrollmentOf("gx-1"), {"d.test", "c.test", "b.test", "a.test"});
        QCOMPARE(*first, *again);
    }

    void spreadsDevicesOverAllHubs()
    {
        std::map<std::string, int> devices;
        for (int i = 0; i < 400; ++i) {
            ++devices[*chooseHub(enrollmentOf("GX-" + std::to_string(i)), m_hubs)];
        }
        QCOMPARE(devices.size(), m_hubs.size());
        for (const auto& [hub, count] : devices) {
            QVERIFY2(count > 60 && count < 140, hub.c_str());
        }
    }

    void movesOnlyTheDevicesOfAHubThatGoes()
    {
        for (int i = 0; i < 100; ++i) {
            const auto enrollment = enrollmentOf("GX-" + std::to_string(i));
            const auto before = *chooseHub(enrollment, m_hubs);
            const auto after = *chooseHub(enrollment, {"a.test", "b.test", "c.test"});
            QVERIFY(before == after || before == "d.test");
        }
    }

    void takesTheFirstHubWhenStatic()
    {
        auto enrollment = enrollmentOf("GX-1");
        enrollment.allocationPolicy = AllocationPolicy::Static;
        enrollment.iotHubs = {"z.test", "y.test"};
        QCOMPARE(*chooseHub(enrollment, m_hubs), std::string{"z.test"});
    }

    void choosesAmongTheEnrollmentsOwnHubs()
    {
        auto enrollment = enrollmentOf("GX-1");
        enrollment.iotHubs = {"z.test"};
        QCOMPARE(*chooseHub(enrollment, m_hubs), std::string{"z.test"});
    }

    void takesTheLegacyHostName()
    {
        auto enrollment = enrollmentOf("GX-1");
        enrollment.iotHubHostName = "old.test";
        QCOMPARE(*chooseHub(enrollment, m_hubs), std::string{"old.test"});
    }

    void refusesWithoutAnyHub()
    {
        QCOMPARE(chooseHub(enrollmentOf("GX-1"), {}).error().code, ServiceErrorCode::NoLinkedHub);
    }

    void refusesCustomAllocation()
    {
        auto enrollment = enrollmentOf("GX-1");
        enrollment.allocationPolicy = AllocationPolicy::Custom;
        QCOMPARE(chooseHub(enrollment, m_hubs).error().code, ServiceErrorCode::AllocationNotOffered);
    }
};

QTEST_GUILESS_MAIN(TestAllocation)
#include "tst_allocation.moc"
