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

/// The two streams of a command. Standard output carries the result: text for people, or with --json exactly one
/// document and nothing else. Standard error carries progress and errors.
///
/// One thread.
class Output {
public:
    Output(std::ostream& out, std::ostream& err) : m_out(out), m_err(err) {}

    void setStyle(const OutputStyle& style) { m_style = style; }
    [[nodiscard]] const OutputStyle& style() const noexcept { return m_style; }

    /// Writes what the command has to say, in the form that was asked for, and flushes. Once per command.
    void result(const QJsonObject& document, std::string_view text);
    /// Text that is the answer whatever form was asked for: --help.
    void plain(std::string_view text);
    /// A line on standard error, unless --quiet.
    void progress(std::string_view line);
    /// Code, headline, what is wrong, and the next step on standard error; with --json and no result yet, also the
    /// document that stands in for it.
    void error(const Error& error);
    /// The same for something that was met on the way and did not end the command: never a document.
    void notice(const Error& error);

    /// False once standard output refused a part of what was written: the disk is full, or nobody reads any more.
    [[nodiscard]] bool resultArrived() const noexcept { return !m_out.fail(); }

    /// \p word as the outcome of a device: green, red, amber on a terminal.
    [[nodiscard]] std::string coloured(Outcome outcome, std::string_view word) const;
    /// The outcome's word in its colour; one that only a newer program knows as it stands, without a colour.
    [[nodiscard]] std::string outcomeShown(const Word<Outcome>& outcome) const;

private:
    void document(const QJsonObject& object);

    std::ostream& m_out;
    std::ostream& m_err;
    OutputStyle m_style;
    bool m_documentWritten = false;
};

/// `{schema, code, headline, nextStep, detail}`: what stands in for a result that could not be had.
QJsonObject errorDocument(const Error& error);

/// "PASS", "FAIL", "HOLD", "STATION FAULT", "ABORTED".
std::string_view outcomeWord(Outcome outcome) noexcept;
/// One that only a newer program knows as it stands in the document.
std::string_view outcomeWord(const Word<Outcome>& outcome) noexcept;

} // namespace enroll::app::enrollctl
