#include "core/base/station_code.h"
#include "core/base/uuid.h"

#include <QtTest>

#include <algorithm>
#include <set>
#include <thread>
#include <vector>

using namespace enroll;

class TstUuid : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void hasTheFormOfVersionSeven();
    void idsOfOneThreadAscend();
    void idsOfManyThreadsAreDistinctAndAscendInEach();
    void timeIsThatOfTheMaking();
    void parsesUpperCaseToCanonicalForm();
    void readsTheExampleOfTheStandard();
    void refuses_data();
    void refuses();
};

void TstUuid::hasTheFormOfVersionSeven()
{
    for (int i = 0; i < 1000; ++i) {
        const auto id = makeUuidV7();
        QCOMPARE(id.size(), std::size_t{36});
        QCOMPARE(id[14], '7');
        QVERIFY(std::string_view{"89ab"}.find(id[19]) != std::string_view::npos);
        QCOMPARE(parseUuidV7(id).value(), id);
    }
}

void TstUuid::idsOfOneThreadAscend()
{
    auto last = makeUuidV7();
    for (int i = 0; i < 100'000; ++i) {
        auto next = makeUuidV7();
        QVERIFY(last < next);
        last = std::move(next);
    }
}

void TstUuid::idsOfManyThreadsAreDistinctAndAscendInEach()
{
    constexpr std::size_t kThreads = 4;
    constexpr std::size_t kEach = 5000;
    std::array<std::vector<std::string>, kThreads> made;
    {
        std::vector<std::jthread> threads;
        for (auto& ids : made) {
            threads.emplace_back([&ids] { std::generate_n(std::back_inserter(ids), kEach, makeUuidV7); });
        }
    }
    std::set<std::string> all;
    for (const auto& ids : made) {
        QVERIFY(std::ranges::is_sorted(ids));
        all.insert(ids.begin(), ids.end());
    }
    QCOMPARE(all.size(), kThreads * kEach);
}

void TstUuid::timeIsThatOfTheMaking()
{
    const auto before = utcNow();
    const auto time = timeOfUuidV7(makeUuidV7()).value();
    QVERIFY(time >= before);
    QVERIFY(time - before < std::chrono::minutes{1}); // ids made in a burst run a little ahead of the clock
}

void TstUuid::parsesUpperCaseToCanonicalForm()
{
    QCOMPARE(parseUuidV7("017F22E2-79B0-7CC3-98C4-DC0C0C07398F").value(),
             std::string{"017f22e2-79b0-7cc3-98c4-dc0c0c07398f"});
}

void TstUuid::readsTheExampleOfTheStandard()
{
    const auto time = timeOfUuidV7("017F22E2-79B0-7CC3-98C4-DC0C0C07398F").value(); // RFC 9562, A.6
    QCOMPARE(toIso8601(time), std::string{"2022-02-22T19:22:22.000Z"});
}

void TstUuid::refuses_data()
{
    QTest::addColumn<std::string>("text");
    QTest::newRow("empty") << std::string{};
    QTest::newRow("version 4") << std::string{"017f22e2-79b0-4cc3-98c4-dc0c0c07398f"};
    QTest::newRow("other variant") << std::string{"017f22e2-79b0-7cc3-c8c4-dc0c0c07398f"};
    QTest::newRow("too short") << std::string{"017f22e2-79b0-7cc3-98c4-dc0c0c07398"};
    QTest::newRow("no digit") << std::string{"017f22e2-79b0-7cc3-98c4-dc0c0c07398g"};
    QTest::newRow("dash moved") << std::string{"017f22e27-9b0-7cc3-98c4-dc0c0c07398f"};
    QTest::newRow("braces") << std::string{"{017f22e2-79b0-7cc3-98c4-dc0c0c07398f}"};
}

void TstUuid::refuses()
{
    QFETCH(std::string, text);
    QVERIFY(!parseUuidV7(text).ok());
    QCOMPARE(timeOfUuidV7(text).error().code, StationCode::NameNotAllowed);
}

QTEST_APPLESS_MAIN(TstUuid)
#include "tst_uuid.moc"
