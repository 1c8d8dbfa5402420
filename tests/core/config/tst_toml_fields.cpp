#include "core/base/station_code.h"
#include "core/config/toml_fields.h"
#include "tests/support/must.h"

#include <QTemporaryDir>
#include <QTest>

#include <fstream>
#include <functional>

using namespace enroll;
using namespace enroll::config;
using namespace enroll::test;

namespace {

enum class Colour { Red, Green };
constexpr std::array<Choice<Colour>, 2> kColours{{{"red", Colour::Red}, {"green", Colour::Green}}};

/// Reads one line that stands in the second line of a file, in the table [part].
struct Read {
    const char* line;
    std::function<Result<void>(const Fields&)> take;
};

template <class T>
std::function<Result<void>(const Fields&)> into(T start)
{
    return [start](const Fields& fields) {
        auto target = start;
        return fields.read("key", target);
    };
}

Result<void> number(const Fields& fields)
{
    int target = 0;
    return fields.read("key", target, 1, 9);
}

Result<void> fixedNumber(const Fields& fields)
{
    int target = 0;
    return fields.read("key", target, 7, 7);
}

Result<void> fraction(const Fields& fields)
{
    double target = 0;
    return fields.read("key", target, 0.5, 2.5);
}

Result<void> path(const Fields& fields)
{
    std::filesystem::path target;
    return fields.readPath("key", "/base", target);
}

Result<void> colour(const Fields& fields)
{
    auto target = Colour::Red;
    return fields.readChoice<Colour>("key", target, kColours);
}

Result<void> table(const Fields& fields)
{
    TRY(fields.table("key"));
    return {};
}

Result<void> tables(const Fields& fields)
{
    TRY(fields.tables("key"));
    return {};
}

Result<void> known(const Fields& fields)
{
    return fields.allowOnly({"keys", "other"}, {"later"});
}

std::string saidOf(const Read& read)
{
    const auto parsed = must(parseToml("[part]\n" + std::string{read.line} + "\n", "x.toml"));
    const auto part = must(Fields{parsed, "", "x.toml"}.table("part"));
    const auto result = read.take(part);
    if (result.ok()) {
        return {};
    }
    return result.error().code == StationCode::ConfigurationInvalid ? result.error().what : "another code";
}

} // namespace

class tst_toml_fields : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aWrongValueIsRefusedByFileLineAndKey_data()
    {
        QTest::addColumn<int>("row");
        for (int row = 0; row < std::ssize(kRefused); ++row) {
            QTest::addRow("%d %s", row, kRefused[static_cast<std::size_t>(row)].line) << row;
        }
    }
    void aWrongValueIsRefusedByFileLineAndKey()
    {
        QFETCH(const int, row);
        const auto said = saidOf(kRefused[static_cast<std::size_t>(row)]);
        QVERIFY2(said.starts_with("x.toml:2: part."), said.c_str());
    }

    void aRightValueIsTaken()
    {
        for (const auto& read :
             {Read{"key = \"text\"", into(std::string{})}, Read{"key = true", into(false)}, Read{"key = 1", number},
              Read{"key = 9", number}, Read{"key = 7", fixedNumber}, Read{"key = 0.5", fraction},
              Read{"key = 2", fraction}, Read{"key = [\"a\", \"b\"]", into(std::vector<std::string>{})},
              Read{"key = \"sub/file\"", path}, Read{"key = \"green\"", colour}, Read{"key = { a = 1 }", table},
              Read{"key = [{ a = 1 }]", tables}, Read{"keys = 1", known}}) {
            QCOMPARE(saidOf(read), std::string{});
        }
    }

    void anAbsentKeyLeavesItsTarget()
    {
        const auto parsed = must(parseToml("other = 1\n", "x.toml"));
        const Fields fields{parsed, "", "x.toml"};
        std::string text{"as it was"};
        int number = 5;
        auto colour = Colour::Green;
        std::filesystem::path path{"kept"};
        QVERIFY(fields.read("key", text).ok() && fields.read("key", number, 8, 9).ok());
        QVERIFY(fields.readChoice<Colour>("key", colour, kColours).ok() && fields.readPath("key", "/base", path).ok());
        QCOMPARE(text, std::string{"as it was"});
        QVERIFY(number == 5 && colour == Colour::Green && path == "kept");
        QVERIFY(must(fields.tables("key")).empty());
        QVERIFY(!must(fields.table("key")).has("key"));
    }

    void aPathIsRelativeToItsBase()
    {
        const auto parsed = must(parseToml("near = \"../a\"\nfar = \"/b\"\n", "x.toml"));
        const Fields fields{parsed, "", "x.toml"};
        std::filesystem::path near;
        std::filesystem::path far;
        must(fields.readPath("near", "/base/deep", near));
        must(fields.readPath("far", "/base/deep", far));
        QVERIFY(near == "/base/a" && far == "/b");
    }

    void theNearestNameIsOffered()
    {
        QVERIFY(saidOf({"kez = 1", known}).find("\"part.keys\"") != std::string::npos);
        QVERIFY(saidOf({"nothing_like_it = 1", known}).find("Did you mean") == std::string::npos);
        QVERIFY(saidOf({"later = 1", known}).find(std::string{kNotSupported}) != std::string::npos);
        QVERIFY(saidOf({"key = \"gren\"", colour}).find("Did you mean \"green\"") != std::string::npos);
    }

    void aTextThatIsNoTomlOrGoesTooDeepIsRefused_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("place");
        QTest::newRow("no TOML") << "a = 1\nb =\n"
                                 << "x.toml:2:";
        QTest::newRow("twice") << "a = 1\na = 2\n"
                               << "x.toml:2:";
        QTest::newRow("dots") << QStringLiteral("\n") + QStringLiteral("a.").repeated(65) + QStringLiteral("b = 1\n")
                              << "x.toml:2:";
        QTest::newRow("brackets") << QStringLiteral("a = ") + QStringLiteral("[").repeated(17) + QStringLiteral("\n")
                                  << "x.toml:1:";
    }
    void aTextThatIsNoTomlOrGoesTooDeepIsRefused()
    {
        QFETCH(const QString, text);
        QFETCH(const QString, place);
        const auto parsed = parseToml(text.toStdString(), "x.toml");
        QCOMPARE(parsed.error().code, ErrorCode{StationCode::ConfigurationInvalid});
        QVERIFY2(parsed.error().what.starts_with(place.toStdString()), parsed.error().what.c_str());
    }
    void aTextInQuotesIsNotCounted()
    {
        const auto dots = std::string(100, '.');
        QVERIFY(parseToml("a = \"" + dots + "\"\nb = '" + dots + "'\n# " + dots + "\nc = \"\"\"" + dots + "\n" + dots +
                              "\"\"\"\n",
                          "x.toml")
                    .ok());
    }

    void aBlankTextIsRefusedAndSaysWhatToWrite_data()
    {
        QTest::addColumn<QString>("value");
        QTest::addColumn<QString>("why");
        QTest::newRow("empty") << QStringLiteral("") << QStringLiteral("is empty: ");
        QTest::newRow("spaces") << QStringLiteral("   ") << QStringLiteral("is white space alone: ");
        QTest::newRow("no-break spaces") << QStringLiteral("\u00A0\u00A0") << QStringLiteral("is white space alone: ");
    }
    void aBlankTextIsRefusedAndSaysWhatToWrite()
    {
        QFETCH(const QString, value);
        QFETCH(const QString, why);
        const auto line = "key = \"" + value.toStdString() + "\"";
        const auto place = "x.toml:2: part.key " + why.toStdString();
        QCOMPARE(saidOf({line.c_str(), into(std::string{})}), place + std::string{kOrLeaveOut});
        QCOMPARE(saidOf({line.c_str(), path}), place + std::string{kOrLeaveOut});
        const auto named = [](const Fields& fields) {
            std::string target;
            return fields.read("key", target, "write a name");
        };
        QCOMPARE(saidOf({line.c_str(), named}), place + "write a name");
        const auto list = "key = [\"a\", \"" + value.toStdString() + "\"]";
        QCOMPARE(
            saidOf({list.c_str(), into(std::vector<std::string>{})}),
            std::string{"x.toml:2: part.key holds an empty text: write what is meant in its place, or take it away"});
        QVERIFY(saidOf({line.c_str(), colour}).find("allowed are \"red\", \"green\"") != std::string::npos);
    }

    void aLongValueIsCutInTheMessage_data()
    {
        QTest::addColumn<std::string>("line");
        QTest::addColumn<int>("reader");
        const std::string much(100'000, 'a');
        QTest::newRow("word") << "key = \"" + much + "\"" << 0;
        QTest::newRow("text that does not print") << "key = \"" + much + "\\u001b\"" << 1;
        QTest::newRow("path") << "key = \"" + much + "\"" << 2;
        QTest::newRow("path of many parts") << "key = \"" + std::string(2048, 'a').insert(9, "/") + "\"" << 2;
        QTest::newRow("list") << "key = [\"" + much + "\\u001b\"]" << 3;
        QTest::newRow("key") << much + " = 1" << 4;
    }
    void aLongValueIsCutInTheMessage()
    {
        QFETCH(const std::string, line);
        QFETCH(const int, reader);
        const std::array<std::function<Result<void>(const Fields&)>, 5> readers{
            colour, into(std::string{}), path, into(std::vector<std::string>{}), known};
        const auto said = saidOf({line.c_str(), readers.at(static_cast<std::size_t>(reader))});
        QVERIFY2(said.starts_with("x.toml:2: part."), said.substr(0, 100).c_str());
        QVERIFY2(said.size() < 400, std::to_string(said.size()).c_str());
        QVERIFY(said.find("…") != std::string::npos);
    }
    void aLongKeyThatStandsTwiceIsCutInTheMessage()
    {
        const std::string much(100'000, 'a');
        const auto parsed = parseToml(much + " = 1\n" + much + " = 2\n", "x.toml");
        QVERIFY(parsed.error().what.starts_with("x.toml:2:"));
        QVERIFY2(parsed.error().what.size() < 400, std::to_string(parsed.error().what.size()).c_str());
    }

    void onlySchemaOneIsRead()
    {
        for (const auto* text : {"", "schema = 2\n", "schema = \"1\"\n"}) {
            const auto parsed = must(parseToml(text, "x.toml"));
            QVERIFY2(!requireSchemaOne({parsed, "", "x.toml"}).ok(), text);
        }
        const auto parsed = must(parseToml("schema = 1\n", "x.toml"));
        QVERIFY(requireSchemaOne({parsed, "", "x.toml"}).ok());
    }

    void aFileThatIsAbsentEmptyOrTooLargeIsRefused()
    {
        const QTemporaryDir directory;
        const auto file = directory.filePath(QStringLiteral("x.toml")).toStdString();
        const auto write = [&file](std::size_t size) { std::ofstream{file} << std::string(size, '#'); };
        QVERIFY(!readTextFile(file).ok());
        write(0);
        QCOMPARE(readTextFile(file).error().code, ErrorCode{StationCode::ConfigurationInvalid});
        write((std::size_t{1} << 20U) + 1);
        QCOMPARE(readTextFile(file).error().code, ErrorCode{StationCode::ConfigurationInvalid});
        write(std::size_t{1} << 20U);
        QVERIFY(readTextFile(file).ok());
    }

private:
    const std::vector<Read> kRefused{
        {"key = 1", into(std::string{})},
        {"key = \"a\\nb\"", into(std::string{})},
        {"key = \"a\\u202eb\"", into(std::string{})},
        {"key = \"true\"", into(false)},
        {"key = 0", number},
        {"key = 10", number},
        {"key = 1.0", number},
        {"key = \"1\"", number},
        {"key = 8", fixedNumber},
        {"key = 0.4", fraction},
        {"key = 2.6", fraction},
        {"key = nan", fraction},
        {"key = \"1\"", fraction},
        {"key = \"a\"", into(std::vector<std::string>{})},
        {"key = [\"a\", 1]", into(std::vector<std::string>{})},
        {"key = [\"a\", \"b\\t\"]", into(std::vector<std::string>{})},
        {"key = [\"a\"]", path},
        {"key = \"blue\"", colour},
        {"key = \"\"", colour},
        {"key = true", colour},
        {"key = 1", table},
        {"key = { a = 1 }", tables},
        {"key = [1]", tables},
        {"key = 1", known},
        {"later = 1", known},
    };
};

QTEST_APPLESS_MAIN(tst_toml_fields)
#include "tst_toml_fields.moc"
