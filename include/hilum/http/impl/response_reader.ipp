// SPDX-License-Identifier: BSL-1.0
// Bodies of hilum/http/response_reader.hpp, which includes this file or leaves it to hilum/src.hpp.

#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

namespace hilum::inline HILUM_ABI {

namespace detail {

/// A view of Beast's as one of the standard library's, whichever the version of Boost.
template <class View>
std::string_view std_view(View const& v) noexcept {
    return {v.data(), v.size()};
}

/// Looks at the lines of a head for what Beast's parser would let pass. `from` is where to begin,
/// and becomes the begin of the first line that isn't complete. Null when all is well.
inline char const* head_defect(std::string_view head, std::size_t& from) noexcept {
    for (auto lf = head.find('\n', from); lf != std::string_view::npos;
         lf = head.find('\n', from)) {
        auto const line = head.substr(from, lf - from);
        if (!line.ends_with('\r'))
            return "a header line of the reply ends in a bare line feed";
        if (std::memchr(line.data(), '\r', line.size() - 1))
            return "a header line of the reply holds a bare carriage return";
        if (std::memchr(line.data(), '\0', line.size()))
            return "a header of the reply holds a NUL";
        if (from != 0 && (line.front() == ' ' || line.front() == '\t'))
            return "a header of the reply is folded";
        from = lf + 1;
    }
    return nullptr;
}

/// The parameter `timeout` of a `Keep-Alive` header.
inline std::optional<std::chrono::seconds> keep_alive_seconds(std::string_view value) noexcept {
    for (std::size_t at = 0; at + 8 < value.size(); ++at) {
        if (!iequals(value.substr(at, 8), "timeout="))
            continue;
        unsigned seconds = 0;
        auto const read =
            std::from_chars(value.data() + at + 8, value.data() + value.size(), seconds);
        if (read.ec == std::errc())
            return std::chrono::seconds(std::min(seconds, 86400U));
    }
    return std::nullopt;
}

/// Beast's parser with our own storage: header lines and body go straight into an `HttpResponse`.
class MessageParser final : public boost::beast::http::basic_parser<false> {
    using Ec = boost::beast::error_code;
    using View = boost::beast::string_view;

public:
    MessageParser(HttpResponse& response, HttpLimits const& limits, bool no_body)
        : response_(&response), limits_(limits) {
        eager(true);
        header_limit(limits.header_bytes);
        body_limit(limits.body_bytes);
        skip(no_body);
    }

    char const* defect() const noexcept { return defect_; }

    bool too_many() const noexcept { return too_many_; }

    std::optional<std::chrono::seconds> keep_alive_timeout() const noexcept { return timeout_; }

private:
    // Not marked `override`: newer versions of Beast have one more of them.

    void fail(char const* why, Ec& ec) {
        defect_ = why;
        ec = boost::beast::http::error::bad_field;
    }

    void on_request_impl(boost::beast::http::verb, View, View, int, Ec&) {}

    void on_response_impl(int code, View, int, Ec& ec) {
        if (code < 100 || code > 599)
            return fail("the reply's status is none", ec);
        response_->status = static_cast<unsigned>(code);
    }

    void on_field_impl(boost::beast::http::field name, View raw_name, View value, Ec& ec) {
        using boost::beast::http::field;
        if (++headers_ > limits_.headers) {
            too_many_ = true;
            ec = boost::beast::http::error::header_limit;
            return;
        }
        if (in_body_)
            return; // a trailer
        if (name == field::transfer_encoding) {
            if (seen_length_ || seen_coding_)
                return fail("the reply's framing is ambiguous", ec);
            seen_coding_ = true;
            if (!iequals(std_view(value), "chunked"))
                return fail("the reply has a transfer coding other than chunked", ec);
        } else if (name == field::content_length) {
            if (seen_coding_)
                return fail("the reply's framing is ambiguous", ec);
            seen_length_ = true;
        } else if (name == field::keep_alive) {
            timeout_ = keep_alive_seconds(std_view(value));
        }
        if (response_->status >= 200)
            response_->header(std_view(raw_name), std_view(value));
    }

    void on_trailer_field_impl(boost::beast::http::field, View, View, Ec&) {}

    void on_header_impl(Ec&) {}

    void on_body_init_impl(boost::optional<std::uint64_t> const& length, Ec&) {
        in_body_ = true;
        constexpr std::uint64_t trusted = 1024 * 1024; // memory follows bytes, not promises
        if (length)
            response_->body.reserve(static_cast<std::size_t>(std::min(*length, trusted)));
    }

    std::size_t on_body_impl(View body, Ec&) {
        response_->body.append(body.data(), body.size());
        return body.size();
    }

    void on_chunk_header_impl(std::uint64_t, View, Ec&) {}

    std::size_t on_chunk_body_impl(std::uint64_t, View body, Ec&) {
        response_->body.append(body.data(), body.size());
        return body.size();
    }

    void on_finish_impl(Ec&) {}

    HttpResponse* response_;
    HttpLimits limits_;
    std::optional<std::chrono::seconds> timeout_;
    char const* defect_ = nullptr;
    std::uint32_t headers_ = 0;
    bool in_body_ = false, seen_length_ = false, seen_coding_ = false, too_many_ = false;
};

} // namespace detail

class ResponseReader::Parser {
public:
    static constexpr std::size_t resting_buffer = 4096;
    static constexpr std::size_t busy_buffer = 64 * 1024;
    static constexpr int most_interim = 16;

    explicit Parser(HttpLimits limits) : limits_(limits) {}

    void start(HttpMethod method) {
        no_body_ = method == HttpMethod::head;
        begin_ = end_ = 0;
        interim_ = 0;
        got_some_ = false;
        if (buffer_.size() > resting_buffer)
            std::vector<char>().swap(buffer_);
        next();
    }

    std::span<char> prepare() {
        if (begin_ == end_)
            begin_ = end_ = 0;
        if (end_ == buffer_.size() && begin_ != 0) {
            std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
            end_ -= begin_;
            begin_ = 0;
        }
        if (end_ == buffer_.size())
            buffer_.resize(std::max(resting_buffer, buffer_.size() * 2));
        else if (filled_ && buffer_.size() < busy_buffer)
            buffer_.resize(busy_buffer);
        filled_ = false;
        return {buffer_.data() + end_, buffer_.size() - end_};
    }

    void commit(std::size_t n) {
        end_ += n;
        filled_ = end_ == buffer_.size();
        got_some_ = got_some_ || n != 0;
        while (progress_ == Progress::more && begin_ != end_) {
            if (!head_checked_ && !check_head())
                return;
            // Beast asserts that a last chunk comes in no fewer bytes; a chunked body always ends
            // with as many.
            if (parser_->chunked() && end_ - begin_ < 5)
                return;
            boost::beast::error_code ec;
            auto const used =
                parser_->put(boost::asio::const_buffer(buffer_.data() + begin_, end_ - begin_), ec);
            begin_ += used;
            if (parser_->is_done() && !ec) {
                finish();
            } else if (ec == boost::beast::http::error::need_more) {
                // What it can't use yet is a chunk's header or trailers, bounded like a head.
                if (end_ - begin_ > limits_.header_bytes)
                    return fail(errc::limit_exceeded, "a chunk header of the reply is too long");
                return;
            } else if (ec) {
                return fail(ec);
            }
        }
    }

    void end_of_stream(bool clean) {
        if (progress_ != Progress::more)
            return;
        if (!clean || !head_checked_ || !parser_->got_some() || !parser_->need_eof())
            return fail(errc::truncated, "the reply ended before it was complete");
        boost::beast::error_code ec;
        parser_->put_eof(ec);
        if (ec)
            return fail(errc::truncated, "the reply ended before it was complete");
        progress_ = Progress::done;
        keep_alive_ = false;
    }

    Progress progress_ = Progress::more;
    bool got_some_ = false;
    bool keep_alive_ = false;
    HttpResponse response_;

    Error error() const { return Error(failure_, why_ ? std::string_view(why_) : ""); }

    bool leftover() const noexcept { return begin_ != end_; }

    std::optional<std::chrono::seconds> keep_alive_timeout() const noexcept {
        return parser_ ? parser_->keep_alive_timeout() : std::nullopt;
    }

private:
    void next() {
        response_ = HttpResponse();
        parser_.emplace(response_, limits_, no_body_);
        progress_ = Progress::more;
        head_checked_ = false;
        searched_ = line_ = 0;
        keep_alive_ = false;
        why_ = nullptr;
        failure_ = errc::ok;
    }

    /// Waits for a whole head and looks for what Beast would let pass.
    bool check_head() {
        // Some servers (aiohttp 4) end an interim reply with an empty line too many.
        while (interim_ != 0 && end_ - begin_ >= 2 && buffer_[begin_] == '\r' &&
               buffer_[begin_ + 1] == '\n')
            begin_ += 2;
        if (interim_ != 0 && end_ - begin_ < 2)
            return false;
        std::string_view const data(buffer_.data() + begin_, end_ - begin_);
        auto const end = data.find("\r\n\r\n", searched_ < 3 ? 0 : searched_ - 3);
        auto const size = end == std::string_view::npos ? data.size() : end + 4;
        if (size > limits_.header_bytes) {
            fail(errc::limit_exceeded, "the header of the reply is too large");
            return false;
        }
        if (auto const* const why = detail::head_defect(data.substr(0, size), line_)) {
            fail(errc::malformed_reply, why);
            return false;
        }
        constexpr std::string_view protocol = "HTTP/1.";
        auto const seen = std::min(protocol.size(), data.size());
        if (data.substr(0, seen) != protocol.substr(0, seen)) {
            fail(errc::malformed_reply, "what came isn't an HTTP/1 reply");
            return false;
        }
        searched_ = data.size();
        head_checked_ = end != std::string_view::npos;
        if (!head_checked_)
            return false;
        response_.header_lines().reserve(size);
        // "HTTP/1.1 200" and no space: against RFC 9112, common, and unknown to Beast.
        constexpr std::size_t after_status = 12;
        if (buffer_[begin_ + after_status] == '\r') {
            buffer_.insert(
                buffer_.begin() + static_cast<std::ptrdiff_t>(begin_ + after_status), ' '
            );
            ++end_;
        }
        return true;
    }

    void finish() {
        if (response_.status >= 200) {
            keep_alive_ = parser_->keep_alive();
            progress_ = Progress::done;
        } else if (response_.status == 101) {
            fail(errc::malformed_reply, "the reply switches to a protocol that nobody asked for");
        } else if (++interim_ > most_interim) {
            fail(errc::malformed_reply, "too many interim replies");
        } else {
            next();
        }
    }

    void fail(errc code, char const* why) {
        progress_ = Progress::failed;
        failure_ = code;
        why_ = why;
    }

    void fail(boost::beast::error_code ec) {
        using boost::beast::http::error;
        if (parser_->too_many())
            fail(errc::limit_exceeded, "the reply has too many headers");
        else if (ec == error::header_limit)
            fail(errc::limit_exceeded, "the header of the reply is too large");
        else if (ec == error::body_limit || ec == error::buffer_overflow)
            fail(errc::limit_exceeded, "the body of the reply is too large");
        else if (parser_->defect())
            fail(errc::malformed_reply, parser_->defect());
        else
            fail(errc::malformed_reply, "the reply isn't well-formed HTTP");
    }

    HttpLimits limits_;
    std::vector<char> buffer_;
    std::size_t begin_ = 0, end_ = 0;
    std::size_t searched_ = 0, line_ = 0; // of the head, from begin_
    std::optional<detail::MessageParser> parser_;
    char const* why_ = nullptr;
    int interim_ = 0;
    errc failure_ = errc::ok;
    bool no_body_ = false, head_checked_ = false, filled_ = false;
};

HILUM_DECL ResponseReader::ResponseReader(HttpLimits limits)
    : parser_(std::make_unique<Parser>(limits)) {}

HILUM_DECL ResponseReader::ResponseReader(ResponseReader&&) noexcept = default;
HILUM_DECL ResponseReader& ResponseReader::operator=(ResponseReader&&) noexcept = default;
HILUM_DECL ResponseReader::~ResponseReader() = default;

HILUM_DECL void ResponseReader::start(HttpMethod method) { parser_->start(method); }

HILUM_DECL std::span<char> ResponseReader::prepare() { return parser_->prepare(); }

HILUM_DECL ResponseReader::Progress ResponseReader::commit(std::size_t n) {
    parser_->commit(n);
    return parser_->progress_;
}

HILUM_DECL ResponseReader::Progress ResponseReader::end_of_stream(bool clean) {
    parser_->end_of_stream(clean);
    return parser_->progress_;
}

HILUM_DECL ResponseReader::Progress ResponseReader::progress() const noexcept {
    return parser_->progress_;
}

HILUM_DECL bool ResponseReader::got_some() const noexcept { return parser_->got_some_; }

HILUM_DECL Error ResponseReader::error() const { return parser_->error(); }

HILUM_DECL HttpResponse ResponseReader::take() { return std::move(parser_->response_); }

HILUM_DECL bool ResponseReader::keep_alive() const noexcept {
    return parser_->progress_ == Progress::done && parser_->keep_alive_ && !parser_->leftover();
}

HILUM_DECL std::optional<std::chrono::seconds> ResponseReader::keep_alive_timeout() const noexcept {
    return parser_->keep_alive_timeout();
}

} // namespace hilum::inline HILUM_ABI
