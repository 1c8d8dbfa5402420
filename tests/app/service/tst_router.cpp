#include "app/service/router.h"
#include "core/base/service_code.h"
#include "tests/support/memory_enrollment_list.h"

#include <QTest>

using namespace enroll;
using namespace enroll::app::service;

/// Answers over a list in memory that can be made to fail.
class TestRouter : public QObject {
    Q_OBJECT

    test::MemoryEnrollmentList m_list;
    Metrics m_metrics;
    UtcTime m_now = utcNow();
    ServiceContext m_context{{}, {}, "localhost", m_metrics, [this] { return m_now; }, [] { return std::size_t{0}; }};

    static std::string headerOf(const HttpResponse& response, std::string_view name)
    {
        for (const auto& [candidate, value] : response.headers) {
            if (candidate == name) {
                return value;
            }
        }
        return {};
    }

private Q_SLOTS:
    void init() { m_context.storeCheck = std::make_shared<StoreCheck>(); }

    void saysWhenToComeBackToAStoreThatIsBusy()
    {
        m_list.failWith(makeError(ServiceCode::Busy, "database is locked"));
        const auto response = route({"GET", "/health", {}, {}}, m_context, m_list);
        QCOMPARE(response.status, 503);
        QCOMPARE(headerOf(response, "Retry-After"), std::string{"1"});
    }

    void saysThatAPartOfTheStoreCannotBeRead()
    {
        test::MemoryEnrollmentList list;
        QVERIFY(route({"GET", "/health", {}, {}}, m_context, list).body.find("\"ok\"") != std::string::npos);
        list.failWith(makeError(ServiceCode::ListDamaged, "the enrollment of registration id 'dev-2' cannot be read"));
        m_now += std::chrono::seconds{1};
        const auto response = route({"GET", "/health", {}, {}}, m_context, list);
        QCOMPARE(response.status, 200);
        QVERIFY(response.body.find("\"degraded\"") != std::string::npos);
        QVERIFY(response.body.find("dev-2") == std::string::npos); // anybody may ask
    }

    void saysWhenToComeBackToAServiceThatIsBusy()
    {
        const auto response = overloaded(m_context);
        QCOMPARE(response.status, 503);
        QCOMPARE(headerOf(response, "Retry-After"), std::string{"1"});
        QCOMPARE(
            std::ranges::count(response.headers, std::string{"Retry-After"}, [](auto& field) { return field.first; }),
            1);
    }

    void answersThoughARouteThrows()
    {
        const ServiceContext throwing{{},        {},      "localhost",
                                      m_metrics, &utcNow, []() -> std::size_t { throw std::bad_alloc{}; }};
        QCOMPARE(route({"GET", "/metrics", {}, {}}, throwing, m_list).status, 500);
    }

    void doesNotAskBackWhoeverMetAFault()
    {
        m_list.failWith(makeError(ServiceCode::ListCannotSave, "disk is full"));
        const auto response = route({"GET", "/health", {}, {}}, m_context, m_list);
        QCOMPARE(response.status, 500);
        QCOMPARE(headerOf(response, "Retry-After"), std::string{});
    }
};

QTEST_GUILESS_MAIN(TestRouter)
#include "tst_router.moc"
