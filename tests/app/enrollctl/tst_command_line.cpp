#include "app/enrollctl/command_line.h"
#include "core/base/station_code.h"

#include <QTest>

using namespace enroll;
using namespace enroll::app::enrollctl;

namespace {

struct Values {
    std::string name = "default";
    std::optional<std::string> note;
    std::filesystem::path file;
    int count = 1;
    std::vector<std::string> ids;
    bool loud = false;
};

std::string notX(const std::string& text)
{
    return text == "x" ? "x is taken" : "";
}

/// A program with the command `make` and the group `box` of the commands `open`, `shut` and `seal`.
class Program {
public:
    Program()
    {
        const auto make = m_line.root().subcommand("make", "Make one");
        make.option("--name", values.name, "Its name").check(&notX);
        const auto note = make.option("--note", values.note, "A note");
        make.option("--file", values.file, "A file").needs(note);
        make.option("--count", values.count, "How many").between(1, 8);
        make.option("--id", values.ids, "An id; may be repeated");
        make.option("--loud", values.loud, "Loud");
        make.does([](Context&) { return Result<ExitCode>{ExitCode::Done}; });
        const auto box = m_line.root().group("box", "A box");
        std::ignore = box.subcommand("open", "Open it");
        box.subcommand("shut", "Shut it").option("what", values.name, "What").required();
        box.subcommand("seal", "Seal it").option("--key", values.name, "With this key").required();
    }

    Result<std::optional<std::string>> parse(std::vector<std::string> arguments) { return m_line.parse(arguments); }
    [[nodiscard]] bool chosen() const { return static_cast<bool>(m_line.chosen()); }

    Values values;

private:
    CommandLine m_line{"program", "Does things", "The last line"};
};

/// The columns of isRefusedWithWhatIsMeant(), and what adds a row to them.
auto refusals()
{
    using Words = std::vector<std::string>;
    QTest::addColumn<Words>("words");
    QTest::addColumn<std::string>("said");
    return [](const char* name, const Words& words, const char* said) {
        QTest::newRow(name) << words << std::string{said};
    };
}

} // namespace

class TestCommandLine : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void setsTheValuesOfTheOptionsThatAreGiven();
    void keepsTheDefaultsOfTheOthers();
    void refusesAPathWithAControlCharacter();
    void choosesNothingWithoutACommand();
    void refusesAnEmptyValue_data();
    void refusesAnEmptyValue();
    void refuses_data();
    void refuses();
    void offersTheCommandThatWasMeant_data();
    void offersTheCommandThatWasMeant();
    void namesTheOptionThatWasMeant_data();
    void namesTheOptionThatWasMeant();
    void namesTheOptionWhoseValueIsMissing_data();
    void namesTheOptionWhoseValueIsMissing();
    void aValueMayLookLikeAnOption();
    void aLongWordIsCutInTheMessage();
    void helpIsAValue();

private:
    static void isRefusedWithWhatIsMeant();
};

void TestCommandLine::setsTheValuesOfTheOptionsThatAreGiven()
{
    Program program;

    const auto help = program.parse(
        {"make", "--name", "n", "--note", "o", "--file", "f", "--count", "8", "--id", "a", "--id", "b", "--loud"});

    QVERIFY(help.ok());
    QVERIFY(!help->has_value());
    QVERIFY(program.chosen());
    QCOMPARE(program.values.name, std::string{"n"});
    QCOMPARE(program.values.note, std::optional<std::string>{"o"});
    QCOMPARE(program.values.file, std::filesystem::path{"f"});
    QCOMPARE(program.values.count, 8);
    QCOMPARE(program.values.ids, (std::vector<std::string>{"a", "b"}));
    QVERIFY(program.values.loud);
}

void TestCommandLine::refusesAPathWithAControlCharacter()
{
    for (const auto& path : {std::string{"a\nb"}, std::string{"a\0b", 3}, std::string{"\x1b[2J"}}) {
        Program program;
        const auto refused = program.parse({"make", "--note", "n", "--file", path});
        QVERIFY(!refused.ok());
        QCOMPARE(refused.error().code, StationCode::UsageInvalid);
        QVERIFY2(refused.error().what.find("--file") != std::string::npos, refused.error().what.c_str());
        QVERIFY2(refused.error().what.find("control character") != std::string::npos, refused.error().what.c_str());
    }
}

void TestCommandLine::keepsTheDefaultsOfTheOthers()
{
    Program program;

    QVERIFY(program.parse({"make"}).ok());

    QCOMPARE(program.values.name, std::string{"default"});
    QVERIFY(!program.values.note);
    QVERIFY(!program.values.loud);
}

void TestCommandLine::choosesNothingWithoutACommand()
{
    Program program;

    QVERIFY(program.parse({}).ok());

    QVERIFY(!program.chosen());
}

void TestCommandLine::refusesAnEmptyValue_data()
{
    QTest::addColumn<std::vector<std::string>>("words");
    QTest::addColumn<std::string>("named");
    using Words = std::vector<std::string>;
    QTest::newRow("text") << Words{"make", "--name", ""} << std::string{"--name: the value is empty"};
    QTest::newRow("optional text") << Words{"make", "--note", ""} << std::string{"--note: the value is empty"};
    QTest::newRow("file") << Words{"make", "--note", "n", "--file", ""} << std::string{"--file: the value is empty"};
    QTest::newRow("number") << Words{"make", "--count", ""} << std::string{"--count: the value is empty"};
    QTest::newRow("list") << Words{"make", "--id", "a", "--id", ""} << std::string{"--id: the value is empty"};
    QTest::newRow("nothing behind the equals sign")
        << Words{"make", "--name=", "--loud"} << std::string{"--name: the value is empty"};
    QTest::newRow("a word behind the equals sign and a space")
        << Words{"make", "--name=", "n"} << std::string{"--name: the value is empty"};
    QTest::newRow("nothing behind the second equals sign")
        << Words{"make", "--note=YQ==", "--name=", "n"} << std::string{"--name: the value is empty"};
    QTest::newRow("argument of a command in a group")
        << Words{"box", "shut", ""} << std::string{"what: the value is empty"};
}

void TestCommandLine::refusesAnEmptyValue()
{
    QFETCH(const std::vector<std::string>, words);
    QFETCH(const std::string, named);
    Program program;

    const auto answer = program.parse(words);

    QVERIFY(!answer.ok());
    QCOMPARE(answer.error().code, ErrorCode{StationCode::UsageInvalid});
    QVERIFY2(answer.error().what.starts_with(named), answer.error().what.c_str());
}

void TestCommandLine::refuses_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QString>("named");

    QTest::newRow("unknown command") << QStringList{QStringLiteral("burn")} << QStringLiteral("burn");
    QTest::newRow("unknown option") << QStringList{QStringLiteral("make"), QStringLiteral("--no")}
                                    << QStringLiteral("--no");
    QTest::newRow("below") << QStringList{QStringLiteral("make"), QStringLiteral("--count"), QStringLiteral("0")}
                           << QStringLiteral("--count");
    QTest::newRow("above") << QStringList{QStringLiteral("make"), QStringLiteral("--count"), QStringLiteral("9")}
                           << QStringLiteral("--count");
    QTest::newRow("no number") << QStringList{QStringLiteral("make"), QStringLiteral("--count"), QStringLiteral("many")}
                               << QStringLiteral("--count");
    QTest::newRow("own rule") << QStringList{QStringLiteral("make"), QStringLiteral("--name"), QStringLiteral("x")}
                              << QStringLiteral("x is taken");
    QTest::newRow("needs another") << QStringList{QStringLiteral("make"), QStringLiteral("--file"), QStringLiteral("f")}
                                   << QStringLiteral("--note");
    QTest::newRow("one value for each time an option is named")
        << QStringList{QStringLiteral("make"), QStringLiteral("--id"), QStringLiteral("a"), QStringLiteral("b")}
        << QStringLiteral("b");
    QTest::newRow("group alone") << QStringList{QStringLiteral("box")} << QStringLiteral("open or shut or seal");
    QTest::newRow("argument missing") << QStringList{QStringLiteral("box"), QStringLiteral("shut")}
                                      << QStringLiteral("what");
}

void TestCommandLine::refuses()
{
    QFETCH(const QStringList, arguments);
    QFETCH(const QString, named);
    Program program;
    std::vector<std::string> words;
    std::ranges::transform(arguments, std::back_inserter(words), &QString::toStdString);

    const auto answer = program.parse(words);

    QVERIFY(!answer.ok());
    QCOMPARE(answer.error().code, ErrorCode{StationCode::UsageInvalid});
    QVERIFY2(answer.error().what.find(named.toStdString()) != std::string::npos, answer.error().what.c_str());
}

void TestCommandLine::isRefusedWithWhatIsMeant()
{
    QFETCH(const std::vector<std::string>, words);
    QFETCH(const std::string, said);
    Program program;
    const auto answer = program.parse(words);
    QVERIFY(!answer.ok());
    QCOMPARE(answer.error().code, ErrorCode{StationCode::UsageInvalid});
    QCOMPARE(answer.error().what, said);
}

void TestCommandLine::offersTheCommandThatWasMeant_data()
{
    const auto row = refusals();
    row("group", {"bo", "open"}, R"(there is no command "bo". Did you mean "box open"?)");
    row("group alone", {"bxo"}, R"(there is no command "bxo". Did you mean "box"?)");
    row("group, and something else behind it", {"bo", "burn"}, R"(there is no command "bo". Did you mean "box"?)");
    row("command of a group", {"box", "opne"}, R"(there is no command "box opne". Did you mean "box open"?)");
    row("command without its group", {"shut", "x"}, R"(there is no command "shut". Did you mean "box shut"?)");
    row("command", {"mkae", "--loud"}, R"(there is no command "mkae". Did you mean "make"?)");
    row("nothing like it", {"burning"}, R"(there is no command "burning"; there are: make, box)");
    row("nothing like it in a group", {"box", "burning"},
        R"(there is no command "box burning"; there are: open, shut, seal)");
    row("before the option of another", {"mkae", "--count", "3"},
        R"(there is no command "mkae". Did you mean "make"?)");
}

void TestCommandLine::offersTheCommandThatWasMeant()
{
    isRefusedWithWhatIsMeant();
}

/// Before what the command line lacks because of it.
void TestCommandLine::namesTheOptionThatWasMeant_data()
{
    const auto row = refusals();
    row("in place of a required one", {"box", "seal", "--kee", "k"},
        R"(--kee is no option of box seal. Did you mean "--key"?)");
    row("with its value", {"make", "--nmae=n"}, R"(--nmae is no option of make. Did you mean "--name"?)");
    row("nothing like it", {"make", "--colour", "red"}, "--colour is no option of make; see: program make --help");
    row("of the program", {"--colour"}, "--colour is no option of program; see: program --help");
    row("before its command", {"--count", "3", "make"}, "--count belongs after its command: program make --count 3");
    row("before its command, with its value", {"--count=3", "make"},
        "--count belongs after its command: program make --count=3");
    row("flag before its command", {"--loud", "make"}, "--loud belongs after its command: program make --loud");
    row("before its command in a group", {"box", "--key", "k", "seal"},
        "--key belongs after its command: program box seal --key k");
    row("before its group", {"--key", "k", "box", "seal"}, "--key belongs after its command: program box seal --key k");
    row("without its command", {"--count", "3"}, "--count belongs after its command: program make --count 3");
    row("in front of what may be its value, or a command", {"--colour", "bo"},
        "--colour is no option of program; see: program --help");
    row("with its value before a command", {"--hepl", "x", "box", "open"},
        R"(--hepl is no option of program. Did you mean "--help"?)");
    row("before a command that is missing", {"box", "--colour"},
        "--colour is no option of box; see: program box --help");
    row("value that looks like an option", {"make", "--name", "--nmae", "--count", "0", "--nmea", "n"},
        R"(--nmea is no option of make. Did you mean "--name"?)");
}

void TestCommandLine::namesTheOptionThatWasMeant()
{
    isRefusedWithWhatIsMeant();
}

/// An empty variable of a shell, without quotes.
void TestCommandLine::namesTheOptionWhoseValueIsMissing_data()
{
    const auto row = refusals();
    row("before one that is required", {"box", "seal", "--key", "--key", "k"},
        "--key needs a value; --key behind it is an option");
    row("before one with its value", {"make", "--name", "--note", "n"},
        "--name needs a value; --note behind it is an option");
    row("before one with its value and a sign", {"make", "--name", "--note=n"},
        "--name needs a value; --note behind it is an option");
    row("before a flag", {"make", "--id", "a", "--id", "--loud"}, "--id needs a value; --loud behind it is an option");
    row("before one of the program", {"make", "--count", "--help"},
        "--count needs a value; --help behind it is an option");
}

void TestCommandLine::namesTheOptionWhoseValueIsMissing()
{
    isRefusedWithWhatIsMeant();
}

void TestCommandLine::aValueMayLookLikeAnOption()
{
    Program program;
    const auto taken = program.parse({"make", "--name=--note", "--note", "--nothing", "--loud"});
    QVERIFY2(taken.ok(), taken.ok() ? "" : taken.error().what.c_str());
    QCOMPARE(program.values.name, std::string{"--note"});
    QCOMPARE(program.values.note, std::optional<std::string>{"--nothing"});
    QVERIFY(program.values.loud);
}

void TestCommandLine::aLongWordIsCutInTheMessage()
{
    const std::string much(100'000, 'a');
    for (const auto& words : {std::vector{much},
                              {"box", much},
                              {"make", much},
                              {"make", "--count", much},
                              {"make", "--" + much},
                              {"--count", much, "make"},
                              {"--count=" + much, "make"}}) {
        Program program;
        const auto answer = program.parse(words);
        QVERIFY(!answer.ok());
        QVERIFY2(answer.error().what.size() < 600, std::to_string(answer.error().what.size()).c_str());
    }
}

void TestCommandLine::helpIsAValue()
{
    Program program;

    const auto help = program.parse({"make", "--help"});

    QVERIFY(help.ok());
    QVERIFY(help->has_value());
    QVERIFY((*help)->find("--count") != std::string::npos);
    QVERIFY((*help)->find("The last line") != std::string::npos);
}

QTEST_GUILESS_MAIN(TestCommandLine)
#include "tst_command_line.moc"
