#pragma once

#include "core/base/error.h"
#include "core/base/word.h"

#include <QJsonObject>

#include <ostream>
#include <string_view>

namespace enroll::app::enrollctl {

enum class OutputForm { Text, Json };
enum class Verbosity { Normal, Quiet };
enum class Colour { Plain, Ansi };

struct OutputStyle {
    OutputForm form = OutputForm::Text;
    Verbosity verbosity = Verbosity::Normal;
    Colour colour = Colour::Plain;
};

/// The two output streams of a command. Standard output takes the result: text for people, or with --json exactly one
/// document and nothing else. Standard error takes progress and errors. Text for people is written as printableText().
/// One thread.
class Output {
public:
    Output(std::ostream& out, std::ostream& err) : m_out(out), m_err(err) {}

    void setStyle(const OutputStyle& style) { m_style = style; }
    [[nodiscard]] const OutputStyle& style() const noexcept { return m_style; }

    /// Writes the result in the chosen form and flushes. Call it once per command.
    void result(const QJsonObject& document, std::string_view text);
    /// Writes text to standard output also with --json: for --help and --version.
    void plain(std::string_view text);
    /// Writes a line to standard error, unless --quiet was given.
    void progress(std::string_view line);
    /// Writes "WARNING: " and a line to standard error, also with --quiet: what was done stands, and somebody must know.
    void warning(std::string_view line);
    /// Writes code, headline, cause and next step to standard error. With --json and without a result so far, also
    /// writes errorDocument() to standard output in its place.
    void error(const Error& error);
    /// Writes the same to standard error for an error that did not end the command. Never a document.
    void notice(const Error& error);

    /// False once a write to standard output has failed: the disk is full, or the reader is gone.
    [[nodiscard]] bool resultArrived() const noexcept { return !m_out.fail(); }

    /// \p word in the colour of an outcome (green, red, amber) on a terminal, else as it is.
    [[nodiscard]] std::string coloured(Outcome outcome, std::string_view word) const;
    /// The word of an outcome in its colour; one that only a newer program knows has none, and is printableText(): it is a
    /// text of a document.
    [[nodiscard]] std::string outcomeShown(const Word<Outcome>& outcome) const;

private:
    void document(const QJsonObject& object);
    /// \p text as printableLines(), but for the outcomes in their colour: no other text may control the terminal.
    [[nodiscard]] std::string shown(std::string_view text) const;

    std::ostream& m_out;
    std::ostream& m_err;
    OutputStyle m_style;
    bool m_documentWritten = false;
};

/// `{schema, code, headline, nextStep, detail}`: the document of a command that has no result.
QJsonObject errorDocument(const Error& error);

/// "PASS", "FAIL", "HOLD", "STATION FAULT", "ABORTED".
std::string_view outcomeWord(Outcome outcome) noexcept;
/// The word of an outcome; of one that only a newer program knows, its text in the document as it is.
std::string_view outcomeWord(const Word<Outcome>& outcome) noexcept;

} // namespace enroll::app::enrollctl
