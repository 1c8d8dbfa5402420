#include "core/base/station_code.h"
#include "core/config/people_file.h"
#include "tests/support/must.h"

#include <QTemporaryDir>
#include <QTest>

#include <fstream>
#include <thread>

using namespace enroll;
using namespace enroll::config;
using enroll::test::must;
using enrollment::OperatorId;
using enrollment::People;
using enrollment::Person;
using enrollment::Role;

namespace {

namespace fs = std::filesystem;

Person personOf(const std::string& id, Role role = Role::Technician)
{
    return {OperatorId{id},
            "Ana M. " + id,
            role,
            {{1024, 8, 1}, Bytes(enrollment::kSaltSize, std::byte{7}), Bytes(enrollment::kHashSize, std::byte{9})}};
}

const People kPeople{personOf("ana"), personOf("b\xc3\xa9n", Role::Quality), personOf("eve", Role::Administrator)};

Person withPin(Person person)
{
    person.pin = {{2048, 8, 1}, Bytes(enrollment::kSaltSize, std::byte{5}), Bytes(enrollment::kHashSize, std::byte{6})};
    return person;
}

std::string with(const std::string& part, const std::string& other)
{
    auto text = peopleText({personOf("ana")});
    const auto at = text.find(part);
    return at == std::string::npos ? std::string{} : text.replace(at, part.size(), other);
}

} // namespace

class PeopleFileTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_root = std::make_unique<QTemporaryDir>();
        m_data = m_root->path().toStdString();
    }

    void isReadAsItWasWritten()
    {
        QVERIFY(must(parsePeople(peopleText({}), "p")).empty());
        QVERIFY(must(parsePeople(peopleText(kPeople), "p")) == kPeople);
    }

    /// And one without is written as before there were any.
    void aPinIsReadAsItWasWritten()
    {
        const People people{withPin(personOf("ana")), personOf("ben")};
        QVERIFY(must(parsePeople(peopleText(people), "p")) == people);
        QVERIFY(peopleText(people).find("pin = ") != std::string::npos);
        QVERIFY(peopleText(kPeople).find("pin = ") == std::string::npos);
    }

    void whatIsWrongIsNamedWithItsLine_data()
    {
        QTest::addColumn<std::string>("text");
        QTest::addColumn<std::string>("part");
        const auto row = [](const char* name, const std::string& text, const char* part) {
            QTest::newRow(name) << text << std::string{part};
        };
        row("no TOML", "schema = ", "p:1");
        row("newer schema", with("schema = 1", "schema = 2"), "schema");
        row("unknown key", with("role =", "rolle ="),
            "p:7: person.rolle is not a known key. Did you mean \"person.role\"?");
        row("unknown section", with("[[person]]", "[[persons]]"),
            "p:4: persons is not a known key. Did you mean \"person\"?");
        row("no id", with("id = \"ana\"\n", ""), "person.id is missing");
        row("no name", with("name =", "#name ="), "person.name is missing");
        row("no role", with("role =", "#role ="), "person.role is missing");
        row("no badge", with("badge =", "#badge ="), "person.badge is missing");
        row("blank id", with("\"ana\"", "\" \""), "p:5: person.id");
        row("long id", with("\"ana\"", '"' + std::string(65, 'a') + '"'), "p:5: person.id must have 1 to 64");
        row("quote in the name", with("Ana M.", "Ana \\\" M."), "p:6: person.name must have");
        row("role misspelt", with("technician", "technican"), "Did you mean \"technician\"?");
        row("badge that is a text", with("{ n", "\"x\" # { n"), "person.badge must be");
        row("cost that is too low", with("n = 1024", "n = 512"), "p:8: person.badge.n makes");
        row("cost that stops the station", with("n = 1024", "n = 131072"), "p:8: person.badge.n makes");
        row("salt that is short", with("07070707", "0707"), "p:8: person.badge.salt must be 32 hexadecimal digits");
        row("hash that is no hex", with("0909", "09zz"), "p:8: person.badge.hash must be 64 hexadecimal digits");
        row("pin that is a text", with("\nbadge", "\npin = \"1234\"\nbadge"), "person.pin must be");
        row("pin without a hash", with("\nbadge", "\npin = { n = 1024, r = 8, p = 1 }\nbadge"),
            "person.pin.salt must be 32");
        row("pin misspelt", with("\nbadge", "\npim = 1\nbadge"), "Did you mean \"person.pin\"?");
        row("id twice", peopleText({personOf("ana"), personOf("ana")}), "p:11: person.id is \"ana\" twice");
    }
    void whatIsWrongIsNamedWithItsLine()
    {
        QFETCH(const std::string, text);
        QFETCH(const std::string, part);
        const auto people = parsePeople(text, "p");
        QVERIFY(!people.ok());
        QVERIFY(people.error().code == StationCode::ConfigurationInvalid);
        QVERIFY2(people.error().what.find(part) != std::string::npos, people.error().what.c_str());
    }

    void withoutAFileNobodyIsThere() { QVERIFY(!must(readPeople(m_data))); }

    void onlyItsOwnerReachesTheFile()
    {
        std::ofstream{peopleFile(m_data)} << peopleText(kPeople);
        fs::permissions(peopleFile(m_data), fs::perms::owner_read | fs::perms::others_read);
        QVERIFY(readPeople(m_data).error().code == StationCode::FileUnusable);
        fs::permissions(peopleFile(m_data), fs::perms::owner_read);
        QVERIFY(*must(readPeople(m_data)) == kPeople);
    }

    void changesAreWrittenAsAWhole()
    {
        QVERIFY(changePeople(m_data, [](People& people) {
                    people.push_back(personOf("ana"));
                    return Result<void>{};
                }).ok());
        QVERIFY(*must(readPeople(m_data)) == People{personOf("ana")});
        QCOMPARE(fs::status(peopleFile(m_data)).permissions(), fs::perms::owner_read | fs::perms::owner_write);
        const auto refused = changePeople(m_data, [](People& people) {
            people.clear();
            return Result<void>{makeError(StationCode::NothingFound, "nobody")};
        });
        QVERIFY(refused.error().code == StationCode::NothingFound);
        QVERIFY(*must(readPeople(m_data)) == People{personOf("ana")});
    }

    void twoProgramsLoseNobody()
    {
        constexpr std::size_t kEach = 10;
        const auto addAll = [this](const char* whose) {
            for (std::size_t i = 0; i < kEach; ++i) {
                const auto done = changePeople(m_data, [&](People& people) {
                    people.push_back(personOf(whose + std::to_string(i)));
                    return Result<void>{};
                });
                QVERIFY(done.ok());
            }
        };
        {
            const std::jthread one{[&] { addAll("a"); }};
            const std::jthread other{[&] { addAll("b"); }};
        }
        QCOMPARE(must(readPeople(m_data))->size(), 2 * kEach);
    }

    /// Nothing is written over a file that a person edited into something else.
    void aFileThatCannotBeReadIsNotChanged()
    {
        std::ofstream{peopleFile(m_data)} << "schema = 1\n[[persons]]\n";
        fs::permissions(peopleFile(m_data), fs::perms::owner_read | fs::perms::owner_write);
        QVERIFY(!changePeople(m_data, [](People&) { return Result<void>{}; }).ok());
        QCOMPARE(fs::file_size(peopleFile(m_data)), std::uintmax_t{23});
    }

    void textsThatWouldBreakTheFileAreRefused()
    {
        QVERIFY(requirePersonText("--name", "Ana M.").ok());
        for (const auto* text : {"", "a\"b", "a\\b", "a\nb", "\x80"}) {
            QVERIFY(requirePersonText("--name", text).error().code == StationCode::UsageInvalid);
        }
    }

private:
    std::unique_ptr<QTemporaryDir> m_root;
    fs::path m_data;
};

QTEST_GUILESS_MAIN(PeopleFileTest)
#include "tst_people_file.moc"
