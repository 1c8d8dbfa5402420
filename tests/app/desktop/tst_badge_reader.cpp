#include "app/desktop/badge_reader.h"
#include "core/base/scan_code.h"
#include "core/base/station_code.h"
#include "core/config/people_file.h"
#include "core/enrollment/pin.h"
#include "tests/support/must.h"

#include <QTemporaryDir>
#include <QTest>
#include <QThread>

#include <fstream>

using namespace enroll;
using namespace enroll::app::desktop;
using enroll::test::must;
using enrollment::OperatorId;
using enrollment::People;

namespace {

constexpr int kPatience = 20'000;
using Found = Result<std::optional<enrollment::Person>>;

SecretBytes badge(const char* code)
{
    return SecretBytes::copyOf(asBytes(std::string_view{code}));
}

} // namespace

class BadgeReaderTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_root = std::make_unique<QTemporaryDir>();
        m_data = m_root->path().toStdString();
        m_answers.clear();
    }

    void tellsWhoseABadgeIsLaterAndOnTheThreadOfWhoAsked()
    {
        add("ana", "B00001");
        BadgeReader reader{m_data};
        ask(reader, "B00001");
        QVERIFY(m_answers.empty()); // nobody waited
        QTRY_COMPARE_WITH_TIMEOUT(m_answers.size(), std::size_t{1}, kPatience);
        QVERIFY(must(m_answers.front())->id == OperatorId{"ana"});
        ask(reader, "B00002");
        QTRY_COMPARE_WITH_TIMEOUT(m_answers.size(), std::size_t{2}, kPatience);
        QVERIFY(!must(m_answers.back()));
        add("ben", "B00002"); // meanwhile
        ask(reader, "B00002");
        QTRY_COMPARE_WITH_TIMEOUT(m_answers.size(), std::size_t{3}, kPatience);
        QVERIFY(must(m_answers.back())->id == OperatorId{"ben"});
    }

    void withoutPeopleNobodySignsIn()
    {
        BadgeReader reader{m_data};
        ask(reader, "B00001");
        QTRY_COMPARE_WITH_TIMEOUT(m_answers.size(), std::size_t{1}, kPatience);
        QVERIFY(m_answers.front().error().code == ScanCode::BadgeNotUsed);
        QVERIFY(pinOf(reader, "ana", "4711").error().code == ScanCode::BadgeNotUsed);
    }

    void tellsWhetherAPinIsTheOneOfNow()
    {
        add("ana", "B00001");
        BadgeReader reader{m_data};
        QVERIFY(*pinOf(reader, "ana", "4711")); // she has none: her badge was enough
        setPin("4711");
        QVERIFY(*pinOf(reader, "ana", "4711"));
        QVERIFY(!*pinOf(reader, "ana", "4712"));
        setPin("4712"); // meanwhile
        QVERIFY(*pinOf(reader, "ana", "4712"));
        QVERIFY(pinOf(reader, "ben", "4711").error().code == ScanCode::BadgeUnknown);
    }

    void aFileThatCannotBeReadIsSaid()
    {
        std::ofstream{config::peopleFile(m_data)} << "schema = 1\n"; // others may read it
        std::filesystem::permissions(config::peopleFile(m_data), std::filesystem::perms{0644});
        BadgeReader reader{m_data};
        ask(reader, "B00001");
        QTRY_COMPARE_WITH_TIMEOUT(m_answers.size(), std::size_t{1}, kPatience);
        QVERIFY(m_answers.front().error().code == StationCode::FileUnusable);
    }

    void theLatestOfManyIsAnswered()
    {
        add("ana", "B00001");
        BadgeReader reader{m_data};
        for (int i = 0; i < 20; ++i) {
            ask(reader, "B00009");
        }
        ask(reader, "B00001");
        QTRY_VERIFY_WITH_TIMEOUT(!m_answers.empty() && must(m_answers.back()), kPatience);
    }

    void anEndWaitsForNoAnswer()
    {
        add("ana", "B00001");
        {
            BadgeReader reader{m_data};
            ask(reader, "B00001");
        }
        QCoreApplication::processEvents();
        QVERIFY(m_answers.empty());
    }

private:
    void add(const char* id, const char* code) const
    {
        QVERIFY(config::changePeople(m_data, [&](People& people) -> Result<void> {
                    TRY_ASSIGN(auto hash, enrollment::hashForBadge(badge(code), people));
                    people.push_back({OperatorId{id}, id, enrollment::Role::Technician, std::move(hash)});
                    return {};
                }).ok());
    }
    void setPin(const char* digits) const
    {
        QVERIFY(config::changePeople(m_data, [&](People& people) -> Result<void> {
                    TRY_ASSIGN(people.front().pin, enrollment::hashForPin(badge(digits)));
                    return {};
                }).ok());
    }
    Result<bool> pinOf(BadgeReader& reader, const char* person, const char* digits) const
    {
        std::optional<Result<bool>> told;
        reader.askPin(OperatorId{person}, badge(digits), [&](const Result<bool>& right) {
            told = right;
            if (QThread::currentThread() != thread()) {
                qFatal("another thread");
            }
        });
        [&] { QTRY_VERIFY_WITH_TIMEOUT(told.has_value(), kPatience); }();
        return *told;
    }
    void ask(BadgeReader& reader, const char* code)
    {
        reader.ask(badge(code), [this](const Found& found) {
            QVERIFY(QThread::currentThread() == thread());
            m_answers.push_back(found);
        });
    }

    std::unique_ptr<QTemporaryDir> m_root;
    std::filesystem::path m_data;
    std::vector<Found> m_answers;
};

QTEST_GUILESS_MAIN(BadgeReaderTest)
#include "tst_badge_reader.moc"
