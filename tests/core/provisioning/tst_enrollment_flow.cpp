#include "core/base/service_code.h"
#include "core/provisioning/enrollment_flow.h"
#include "tests/support/memory_enrollment_list.h"
#include "tests/support/must.h"

#include <QTest>

using namespace enroll;
using namespace enroll::provisioning;
using namespace enroll::test;
using enrollment::RegistrationId;

namespace {

IndividualEnrollment enrollmentOf(const std::string& id)
{
    IndividualEnrollment enrollment;
    enrollment.registrationId = RegistrationId{id};
    return enrollment;
}

template <class T>
int codeOf(const ServiceResult<T>& result)
{
    return result.ok() ? 0 : static_cast<int>(result.error().code);
}

} // namespace

class tst_enrollment_flow : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        m_list = std::make_unique<MemoryEnrollmentList>();
        m_now = UtcTime{std::chrono::hours{1}};
    }

    void anEnrollmentIsCreatedOnce()
    {
        const auto created = flow().create(enrollmentOf("Dev-1"));
        QVERIFY(created.ok());
        QVERIFY(created->createdAt == m_now && created->updatedAt == m_now && created->etag.size() > 2);
        QCOMPARE(codeOf(flow().create(enrollmentOf("dev-1"))), 409201);
        QVERIFY(flow().find(RegistrationId{"DEV-1"})->enrollment == *created);
        QVERIFY(!flow().find(RegistrationId{"dev-1"})->registration);
    }

    void whatNoDeviceCouldUseIsNotStored_data()
    {
        QTest::addColumn<bool>("custom");
        QTest::addColumn<int>("code");
        QTest::newRow("a hub that cannot be") << false << 400001;
        QTest::newRow("a web hook") << true << 400008;
    }
    void whatNoDeviceCouldUseIsNotStored()
    {
        QFETCH(const bool, custom);
        QFETCH(const int, code);
        QVERIFY(flow().create(enrollmentOf("there")).ok());
        for (const auto* id : {"there", "new"}) {
            auto enrollment = enrollmentOf(id);
            if (custom) {
                enrollment.allocationPolicy = AllocationPolicy::Custom;
            } else {
                enrollment.iotHubHostName = "no hub";
            }
            QCOMPARE(codeOf(flow().create(enrollment)), code);
            QCOMPARE(codeOf(flow().update(enrollment, {})), code);
        }
        QCOMPARE(codeOf(flow().find(RegistrationId{"new"})), 404201);
    }

    void anUpdateKeepsWhatWasStoredFirst()
    {
        const auto created = *flow().create(enrollmentOf("Dev-1"));
        m_now += std::chrono::hours{1};
        auto change = enrollmentOf("dev-1");
        change.deviceId = "gateway";
        const auto updated = *flow().update(change, etagCondition(created.etag));
        QCOMPARE(updated.registrationId.text(), std::string{"Dev-1"});
        QCOMPARE(updated.deviceId, std::string{"gateway"});
        QVERIFY(updated.createdAt == created.createdAt && updated.updatedAt == m_now && updated.etag != created.etag);
        QCOMPARE(codeOf(flow().update(change, etagCondition(created.etag))), 412001);
        QCOMPARE(codeOf(flow().update(enrollmentOf("other"), {})), 404201);
    }

    void aConditionIsOnlyForItsEtag()
    {
        for (const auto* none : {"", "*", "\"*\""}) {
            QVERIFY(etagCondition(none).holdsFor("\"a\""));
        }
        for (const auto* same : {"a", "\"a\""}) {
            QVERIFY(etagCondition(same).holdsFor("\"a\"") && etagCondition(same).holdsFor("a"));
            QVERIFY(!etagCondition(same).holdsFor("\"b\"") && !etagCondition(same).holdsFor(""));
        }
        QVERIFY(!EtagCondition{""}.holdsFor("\"a\"")); // an entry of a bulk call that came without its ETag
        QVERIFY(!etagCondition("\"a").holdsFor("a"));
    }

    /// Somebody else writes between the look and the write: the clock is asked there.
    void aWriteThatWasOvertakenStartsOver()
    {
        QVERIFY(flow().create(enrollmentOf("dev-1")).ok());
        int overtakings = 1;
        EnrollmentFlow overtaken{*m_list, [&] {
                                     if (overtakings > 0) {
                                         --overtakings;
                                         static_cast<void>(flow().update(enrollmentOf("dev-1"), {}));
                                     }
                                     return m_now;
                                 }};
        auto change = enrollmentOf("dev-1");
        change.deviceId = "gateway";
        QCOMPARE(overtaken.update(change, {})->deviceId, std::string{"gateway"});
        // The condition is looked at anew: what was overtaken no longer has the ETag it names.
        overtakings = 1;
        const auto etag = flow().find(RegistrationId{"dev-1"})->enrollment.etag;
        QCOMPARE(codeOf(overtaken.update(change, etagCondition(etag))), 412001);
        overtakings = 1'000;
        QCOMPARE(codeOf(overtaken.update(change, {})), 409203);
    }

    void onlyWhatIsThereIsRemoved()
    {
        const auto created = *flow().create(enrollmentOf("dev-1"));
        QCOMPARE(codeOf(flow().remove(RegistrationId{"other"}, {})), 404201);
        QCOMPARE(codeOf(flow().remove(created.registrationId, etagCondition("\"another\""))), 412001);
        QCOMPARE(codeOf(flow().removeRegistration(created.registrationId, {})), 404202); // it never registered
        QCOMPARE(codeOf(flow().registration(created.registrationId)), 404202);
        QCOMPARE(codeOf(flow().remove(created.registrationId, etagCondition(created.etag))), 0);
        QCOMPARE(codeOf(flow().remove(created.registrationId, {})), 404201);
    }

    void aBulkCallDoesWhatItsModeSays()
    {
        const auto enrollment = enrollmentOf("dev-1");
        QCOMPARE(codeOf(flow().apply(BulkMode::Update, enrollment)), 404201);
        QCOMPARE(codeOf(flow().apply(BulkMode::Create, enrollment)), 0);
        QCOMPARE(codeOf(flow().apply(BulkMode::Create, enrollment)), 409201);
        QCOMPARE(codeOf(flow().apply(BulkMode::Update, enrollment)), 0);
        QCOMPARE(codeOf(flow().apply(BulkMode::UpdateIfMatchEtag, enrollment)), 412001); // it came without one
        QCOMPARE(codeOf(flow().apply(BulkMode::UpdateIfMatchEtag, flow().find(enrollment.registrationId)->enrollment)),
                 0);
        QCOMPARE(codeOf(flow().apply(BulkMode::Delete, enrollment)), 0);
        QCOMPARE(codeOf(flow().apply(BulkMode::Delete, enrollment)), 404201);
    }

    void pagesHoldEachEnrollmentOnce()
    {
        constexpr int kEnrollments = 205;
        for (int i = 0; i < kEnrollments; ++i) {
            QVERIFY(flow().create(enrollmentOf("dev-" + std::to_string(1'000 + i))).ok());
        }
        const auto countIn = [this](std::size_t most) {
            std::vector<std::size_t> sizes;
            std::string continuation;
            do {
                const auto page = *flow().page(continuation, most);
                sizes.push_back(page.enrollments.size());
                continuation = page.continuation;
            } while (!continuation.empty());
            return sizes;
        };
        using Sizes = std::vector<std::size_t>;
        QCOMPARE(countIn(0), (Sizes{100, 100, 5}));
        QCOMPARE(countIn(1'000), (Sizes{100, 100, 5}));
        QCOMPARE(countIn(41), (Sizes{41, 41, 41, 41, 41})); // the last page is full, and says that it is the last
        QCOMPARE(codeOf(flow().page("*", 0)), 400001);
    }

    void aListThatFailsIsTheServicesOwnFault()
    {
        QVERIFY(flow().create(enrollmentOf("dev-1")).ok());
        m_list->failWith(makeError(ServiceCode::ListDamaged, "secret path"));
        const RegistrationId id{"dev-1"};
        for (const auto code :
             {codeOf(flow().create(enrollmentOf("dev-2"))), codeOf(flow().update(enrollmentOf("dev-1"), {})),
              codeOf(flow().remove(id, {})), codeOf(flow().find(id)), codeOf(flow().page({}, 0)),
              codeOf(flow().registration(id)), codeOf(flow().removeRegistration(id, {}))}) {
            QCOMPARE(code, 500000);
        }
        QVERIFY(flow().find(id).error().message().find("secret") == std::string::npos);
    }

private:
    EnrollmentFlow flow()
    {
        return {*m_list, [this] { return m_now; }};
    }

    std::unique_ptr<MemoryEnrollmentList> m_list;
    UtcTime m_now{};
};

QTEST_APPLESS_MAIN(tst_enrollment_flow)
#include "tst_enrollment_flow.moc"
