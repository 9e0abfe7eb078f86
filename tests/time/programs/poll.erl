%% httpc and timer:sleep, on the scheduler threads of the BEAM.
-module(poll).
-export([main/0]).

main() ->
    [Base, Task, Token, Interval, Mode] = init:get_plain_arguments(),
    {ok, _} = application:ensure_all_started(inets),
    Url = Base ++ "/v1/video/generations/" ++ Task,
    Headers = [{"Authorization", "Bearer " ++ Token}],
    IntervalMs = 1000 * list_to_integer(Interval),
    halt(poll({Url, Headers}, IntervalMs, Mode, 50)).

%% The exit code.
poll(_, _, _, 0) -> 1;
poll(Request, IntervalMs, Mode, Left) ->
    Limit = case Mode of "timeout" -> 2000; _ -> 60000 end,
    {RetryAfter, Body} =
        case httpc:request(get, Request, [{timeout, Limit}], []) of
            {ok, {_, Fields, Text}} -> {proplists:get_value("retry-after", Fields), Text};
            {error, timeout} -> {undefined, ""}
        end,
    case string:find(Body, "\"status\": \"success\"") of
        nomatch ->
            timer:sleep(pause_ms(RetryAfter, IntervalMs, Mode)),
            poll(Request, IntervalMs, Mode, Left - 1);
        _ -> 0
    end.

pause_ms(RetryAfter, _, "date") when RetryAfter =/= undefined ->
    Date = httpd_util:convert_request_date(RetryAfter),
    At = calendar:datetime_to_gregorian_seconds(Date) - calendar:datetime_to_gregorian_seconds({{1970, 1, 1}, {0, 0, 0}}),
    max(0, At * 1000 - erlang:system_time(millisecond));
pause_ms(_, IntervalMs, "hasty") -> IntervalMs - 50;
pause_ms(_, IntervalMs, _) -> IntervalMs.
