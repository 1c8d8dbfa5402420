#include "app/service/list_pool.h"
#include "core/base/station_code.h"
#include "tests/support/memory_enrollment_list.h"
#include "tests/support/must.h"

#include <QTest>

#include <future>
#include <stdexcept>

using namespace enroll;
using namespace enroll::app::service;
using enroll::test::must;

class TestListPool : public QObject {
    Q_OBJECT

    using List = std::unique_ptr<provisioning::EnrollmentList>;

private Q_SLOTS:
    void makesAnErrorOfAListThatThrows()
    {
        const auto pool = ListPool::start(1, 4, []() -> Result<List> { throw std::runtime_error{"no luck"}; });
        QVERIFY(!pool.ok());
        QCOMPARE(pool.error().code, StationCode::InternalFault);
        QCOMPARE(pool.error().what, std::string{"no luck"});
    }

    void goesOnAfterAJobThatThrows()
    {
        const auto pool = must(ListPool::start(
            1, 4, []() -> Result<List> { return List{std::make_unique<test::MemoryEnrollmentList>()}; }));
        std::ignore = pool->post([](auto&) { throw std::runtime_error{"no luck"}; });
        std::promise<void> reached;
        std::ignore = pool->post([&reached](auto&) { reached.set_value(); });
        QCOMPARE(reached.get_future().wait_for(std::chrono::seconds{10}), std::future_status::ready);
    }
};

QTEST_GUILESS_MAIN(TestListPool)
#include "tst_list_pool.moc"
