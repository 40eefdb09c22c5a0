// Checks a declarative Jenkinsfile as strictly as Jenkins does, and runs it on this machine, its `sh` steps for real.
//   groovy pipeline.groovy Jenkinsfile [--check] [--refuse] [-p PARAMETER=VALUE] [-e VARIABLE=VALUE]
//                                      [-c CREDENTIAL=SECRET | USER:PASSWORD | @FILE]
// --check looks at the model alone; --refuse says no where a stage asks. Exit 0: good; 1: the run failed; 2: invalid.
// Not covered, since it takes a Jenkins: agents and labels, which plugins are there, the Groovy sandbox, deadlines.
import java.nio.file.FileSystems
import org.codehaus.groovy.ast.*
import org.codehaus.groovy.ast.expr.*
import org.codehaus.groovy.ast.stmt.*
import org.codehaus.groovy.classgen.GeneratorContext
import org.codehaus.groovy.control.*
import org.codehaus.groovy.control.customizers.CompilationCustomizer

class Invalid extends RuntimeException { Invalid(String why) { super(why) } }
class Failed extends RuntimeException { String result = 'FAILURE'; Failed(String why) { super(why) } }

/** The one run: what was given, what is in force in this thread, and how it stands. */
class Run {
    static boolean checking, refusing
    static Map parameters = [:], credentials = [:]
    static List declared = [], given = [], secrets = []
    static String result = 'SUCCESS'
    static InheritableThreadLocal<Map> environment = new InheritableThreadLocal<>()
    static InheritableThreadLocal<File> folder = new InheritableThreadLocal<>()

    static synchronized void say(String line) {
        secrets.findAll { it }.each { line = line.replace(it, '****') }
        println "[pipeline] $line"
    }
    static worsen(String to) {
        def order = ['SUCCESS', 'UNSTABLE', 'FAILURE', 'ABORTED']
        if (order.indexOf(to) > order.indexOf(result)) result = to
    }
    static within(Map more, Closure work) {
        def before = environment.get()
        environment.set(before + more)
        try { return work() } finally { environment.set(before) }
    }
    static List<File> files(String patterns) {
        def root = folder.get(), matchers = patterns.split(',').collect {
            FileSystems.default.getPathMatcher('glob:' + it.trim())
        }
        def found = []
        root.eachFileRecurse(groovy.io.FileType.FILES) { file ->
            if (matchers.any { it.matches(root.toPath().relativize(file.toPath())) }) found << file
        }
        found
    }
}

/** What Jenkins knows, and which arguments it takes: null for any one value, a list for names, [] for nothing. */
class Known {
    static UNITS = ['SECONDS', 'MINUTES', 'HOURS', 'DAYS']
    static OPTIONS = [disableConcurrentBuilds: ['abortPrevious'], timeout: ['time', 'unit', 'activity'],
                      buildDiscarder: null, logRotator: ['daysToKeepStr', 'numToKeepStr', 'artifactDaysToKeepStr',
                      'artifactNumToKeepStr'], timestamps: [], skipDefaultCheckout: null, retry: null,
                      skipStagesAfterUnstable: [], parallelsAlwaysFailFast: [], preserveStashes: ['buildCount']]
    static TRIGGERS = [cron: null, pollSCM: null, upstream: ['upstreamProjects', 'threshold']]
    static POST = ['always', 'changed', 'fixed', 'regression', 'aborted', 'failure', 'success', 'unstable',
                   'unsuccessful', 'cleanup']
    static STEPS = [sh: ['script', 'returnStdout', 'returnStatus', 'label', 'encoding'],
                    junit: ['testResults', 'allowEmptyResults', 'skipPublishingChecks', 'keepLongStdio'],
                    archiveArtifacts: ['artifacts', 'allowEmptyArchive', 'fingerprint', 'excludes'],
                    catchError: ['buildResult', 'stageResult', 'message', 'catchInterruptions'],
                    string: ['credentialsId', 'variable'], file: ['credentialsId', 'variable'],
                    usernamePassword: ['credentialsId', 'usernameVariable', 'passwordVariable']]

    static check(String name, Object arguments, Map vocabulary, String what) {
        if (!vocabulary.containsKey(name)) throw new Invalid("unknown $what '$name'")
        def allowed = vocabulary[name]
        arguments.each { one ->
            if (allowed != null && one instanceof Map) one.each { key, value ->
                if (!(key in allowed)) throw new Invalid("$name: unknown argument '$key'")
                if (key == 'unit' && !(value in UNITS)) throw new Invalid("$name: unknown unit '$value'")
            } else if (allowed == []) throw new Invalid("$name takes no argument")
        }
    }
}

/** Whatever a block does not know is an error, as for Jenkins' own checker. */
abstract class Block {
    String kind() { getClass().simpleName.toLowerCase() }
    def methodMissing(String name, arguments) { throw new Invalid("unknown directive or step '$name' in ${kind()}") }
    def propertyMissing(String name) {
        switch (name) {
            case 'env': return new Environment()
            case 'params': return new Parameters()
            case 'currentBuild': return [result: Run.result, currentResult: Run.result, number: 1]
            case 'scm': return 'scm'
        }
        def environment = Run.environment.get()
        if (environment.containsKey(name)) return environment[name]
        throw new Invalid("no such property '$name' in ${kind()}")
    }
    static fill(Closure closure, Object block) {
        def inner = closure.clone()
        inner.delegate = block
        inner.resolveStrategy = Closure.DELEGATE_ONLY
        inner.call()
    }
}
class Environment {
    def getProperty(String name) { Run.environment.get()[name] }
    void setProperty(String name, value) { Run.environment.get()[name] = value?.toString() }
}
class Parameters {
    def getProperty(String name) {
        if (!Run.parameters.containsKey(name)) throw new Invalid("no such parameter '$name'")
        Run.parameters[name]
    }
}

class Steps extends Block {
    private run(String command, boolean capture) {
        def builder = new ProcessBuilder('sh', '-xec', command).directory(Run.folder.get())
        Run.environment.get().each { name, value -> if (value != null) builder.environment()[name] = value.toString() }
        if (capture) builder.redirectError(ProcessBuilder.Redirect.INHERIT) else builder.redirectErrorStream(true)
        def process = builder.start(), out = new StringBuilder()
        process.outputStream.close()
        process.inputStream.eachLine { line -> if (capture) out << line << '\n' else Run.say("  | $line") }
        [process.waitFor(), out.toString()]
    }
    def sh(String script) { sh(script: script) }
    def sh(Map given) {
        Known.check('sh', [given], Known.STEPS, 'step')
        if (Run.checking) return given.returnStatus ? 0 : ''
        def (status, out) = run(given.script.toString(), given.returnStdout as boolean)
        if (given.returnStatus) return status
        if (status) throw new Failed("script returned exit code $status")
        given.returnStdout ? out : null
    }
    def echo(message) { if (!Run.checking) Run.say("  $message") }
    def error(String message) { if (!Run.checking) throw new Failed(message) }
    def unstable(String message) { Run.worsen('UNSTABLE'); Run.say("  unstable: $message") }
    def checkout(scm) { if (!Run.checking) Run.say('  the workspace is the checkout') }
    def script(Closure body) { fill(body, this) }
    def dir(String name, Closure body) {
        def before = Run.folder.get(), inner = new File(before, name)
        if (!Run.checking) inner.mkdirs()
        Run.folder.set(inner)
        try { fill(body, this) } finally { Run.folder.set(before) }
    }
    def withEnv(List pairs, Closure body) {
        Run.within(pairs.collectEntries { it.toString().split('=', 2) as List }) { fill(body, this) }
    }
    def timeout(Map given, Closure body) {
        Known.check('timeout', [given], Known.OPTIONS, 'step')
        fill(body, this)
    }
    def retry(int times, Closure body) {
        for (left in (times - 1)..0) {
            try { return fill(body, this) } catch (Failed failure) { if (!left) throw failure }
        }
    }
    def catchError(Map given = [:], Closure body) {
        Known.check('catchError', [given], Known.STEPS, 'step')
        try { fill(body, this) } catch (Failed failure) {
            Run.worsen(given.buildResult ?: 'FAILURE')
            Run.say("  caught: $failure.message")
        }
    }
    private secret(Map given, String type) {
        Known.check(type, [given], Known.STEPS, 'credential')
        if (Run.checking) return 'user:password'
        def value = Run.credentials[given.credentialsId]
        if (value == null) throw new Failed("Could not find credentials entry with ID '$given.credentialsId'")
        value
    }
    def string(Map given) {
        def value = secret(given, 'string')
        Run.secrets << value
        [(given.variable): value]
    }
    def file(Map given) { [(given.variable): secret(given, 'file').replaceFirst('^@', '')] }
    def usernamePassword(Map given) {
        def (user, password) = secret(given, 'usernamePassword').split(':', 2) as List
        Run.secrets << password
        [(given.usernameVariable): user, (given.passwordVariable): password]
    }
    def withCredentials(List bindings, Closure body) { Run.within(bindings.sum()) { fill(body, this) } }
    def junit(String pattern) { junit(testResults: pattern) }
    def junit(Map given) {
        Known.check('junit', [given], Known.STEPS, 'step')
        if (Run.checking) return
        def reports = Run.files(given.testResults)
        if (!reports && !given.allowEmptyResults) throw new Failed("No test report files were found: $given.testResults")
        def cases = reports.collectMany { new XmlSlurper().parse(it).'**'.findAll { it.name() == 'testcase' } }
        def bad = cases.count { it.failure.size() || it.error.size() }
        Run.say("  junit: ${cases.size()} tests, $bad failed")
        if (bad) Run.worsen('UNSTABLE')
    }
    def archiveArtifacts(String pattern) { archiveArtifacts(artifacts: pattern) }
    def archiveArtifacts(Map given) {
        Known.check('archiveArtifacts', [given], Known.STEPS, 'step')
        if (Run.checking) return
        def found = Run.files(given.artifacts)
        if (!found && !given.allowEmptyArchive) throw new Failed("No artifacts found that match '$given.artifacts'")
        Run.say("  archived: ${found.collect { it.name }.sort().join(' ')}")
    }
}

class When extends Block {
    List<Boolean> met = []
    private inner(Closure body) { def block = new When(); fill(body, block); block.met }
    def branch(String name) { met << (Run.environment.get().BRANCH_NAME == name) }
    def changeRequest() { met << (Run.environment.get().CHANGE_ID != null) }
    def environment(Map given) { met << (Run.environment.get()[given.name] == given.value) }
    def equals(Map given) { met << (given.expected == given.actual) }
    def expression(Closure body) { met << (fill(body, new Steps()) as boolean) }
    def not(Closure body) { met << !inner(body).every() }
    def allOf(Closure body) { met << inner(body).every() }
    def anyOf(Closure body) { met << inner(body).any() }
    def beforeAgent(boolean yes) {}
    def beforeInput(boolean yes) {}
    def beforeOptions(boolean yes) {}
}
class Input extends Block {
    String question
    def message(String text) { question = text }
    def ok(String text) {}
    def submitter(String who) {}
}
class Variables extends Block {
    void setProperty(String name, value) {
        def environment = Run.environment.get()
        if (!(value instanceof Secret)) environment[name] = value.toString()
        else if (value.text.startsWith('@')) environment[name] = value.text.substring(1)
        else {
            environment[name] = value.text
            def (user, password) = (value.text + ':').split(':') as List
            if (password) environment.putAll([(name + '_USR'): user, (name + '_PSW'): password])
            Run.secrets << (password ?: user)
        }
    }
    def credentials(String id) { new Secret(text: new Steps().secret([credentialsId: id], 'string')) }
}
class Secret { String text }
class Declared extends Block {
    private declare(Map given, Object value) {
        Run.declared << given.name
        if (!Run.parameters.containsKey(given.name)) Run.parameters[given.name] = value
    }
    def string(Map given) { declare(given, given.defaultValue ?: '') }
    def booleanParam(Map given) {
        declare(given, given.defaultValue ?: false)
        Run.parameters[given.name] = Run.parameters[given.name].toString() == 'true'
    }
    def choice(Map given) {
        declare(given, given.choices[0])
        def value = Run.parameters[given.name]
        if (!(value in given.choices)) throw new Invalid("parameter $given.name can not be '$value'")
    }
}
class Options extends Block {
    def methodMissing(String name, arguments) { Known.check(name, arguments, Known.OPTIONS, 'option'); name }
}
class Triggers extends Block {
    def methodMissing(String name, arguments) { Known.check(name, arguments, Known.TRIGGERS, 'trigger') }
}
class Agent extends Block {
    def label(String name) {}
}
class Post extends Block {
    Map conditions = [:]
    def methodMissing(String name, arguments) {
        if (!(name in Known.POST)) throw new Invalid("unknown post condition '$name'")
        conditions[name] = arguments[0]
    }
    void run(String result) {
        def due = ['always', 'cleanup', result.toLowerCase()] + (result == 'SUCCESS' ? [] : ['unsuccessful'])
        Known.POST.findAll { conditions[it] && (Run.checking || it in due) }.each {
            if (!Run.checking) Run.say("post: $it")
            fill(conditions[it], new Steps())
        }
    }
}

/** What a pipeline and a stage have in common. */
abstract class Section extends Block {
    String name
    boolean hasAgent
    Closure inner, variables
    Post after = new Post()
    def getAny() { 'any' }
    def getNone() { 'none' }
    def agent(where) { hasAgent = true; if (where instanceof Closure) fill(where, new Agent()) }
    def environment(Closure body) { variables = body }
    def options(Closure body) { fill(body, new Options()) }
    def stages(Closure body) { inner = body }
    def post(Closure body) { fill(body, after) }
}
class Pipeline extends Section {
    def parameters(Closure body) { fill(body, new Declared()) }
    def triggers(Closure body) { fill(body, new Triggers()) }
}
class Stage extends Section {
    Closure body, branches, condition
    Input question
    def steps(Closure body) { this.body = body }
    def parallel(Closure body) { branches = body }
    def when(Closure body) { condition = body }
    def input(Closure body) { question = new Input(); fill(body, question) }
    def failFast(boolean yes) {}

    void run() {
        Run.within([STAGE_NAME: name]) {
            if (variables) fill(variables, new Variables())
            def when = new When()
            if (condition) fill(condition, when)
            if (!when.met.every() && !Run.checking) return Run.say("stage '$name' skipped")
            def started = System.currentTimeMillis(), result = 'SUCCESS'
            if (!Run.checking) Run.say("stage '$name'")
            try { ask(); work() }
            catch (Failed failure) {
                result = failure.result
                Run.worsen(result)
                Run.say("stage '$name' failed: $failure.message")
                throw failure
            } finally {
                after.run(result)
                if (!Run.checking) Run.say("stage '$name' took ${(System.currentTimeMillis() - started) / 1000} s")
            }
        }
    }
    private ask() {
        if (!question || Run.checking) return
        if (!question.question) throw new Invalid("input of stage '$name' has no message")
        Run.say("  asked: $question.question ${Run.refusing ? 'no' : 'yes'}")
        if (Run.refusing) throw new Failed(result: 'ABORTED', "$name: refused")
    }
    private work() {
        if (body) fill(body, new Steps())
        else if (inner) Stages.of(inner).each { it.run() }
        else side_by_side(Stages.of(branches))
    }
    private side_by_side(List<Stage> stages) {
        def errors = [].asSynchronized()
        stages.collect { stage ->
            Thread.start { try { stage.run() } catch (Throwable error) { errors << error } }
        }*.join()
        def first = errors.find { !(it instanceof Failed) } ?: errors[0]
        if (first) throw first
    }
}
class Stages extends Block {
    List<Stage> all = []
    def stage(String name, Closure body) {
        if (name in all*.name) throw new Invalid("duplicate stage '$name'")
        def stage = new Stage(name: name)
        fill(body, stage)
        if ([stage.body, stage.inner, stage.branches].count { it } != 1)
            throw new Invalid("stage '$name' needs exactly one of steps, stages, parallel")
        all << stage
    }
    static List<Stage> of(Closure body) {
        def block = new Stages()
        fill(body, block)
        if (!block.all) throw new Invalid('no stage')
        block.all
    }
}

/** Outside of `script` and `expression` a declarative pipeline holds calls and assignments only, never logic. */
class CallsOnly extends CompilationCustomizer {
    CallsOnly() { super(CompilePhase.CONVERSION) }
    void call(SourceUnit source, GeneratorContext context, ClassNode node) { look(node.module.statementBlock) }
    private look(Statement block) {
        (block instanceof BlockStatement ? block.statements : [block]).each { statement ->
            def call = statement instanceof ExpressionStatement ? statement.expression : null
            if (!(call instanceof MethodCallExpression || call instanceof BinaryExpression || call instanceof VariableExpression))
                throw new Invalid("line $statement.lineNumber: logic belongs in a script, or in `script { }`")
            if (!(call instanceof MethodCallExpression) || call.methodAsString in ['script', 'expression']) return
            def arguments = call.arguments instanceof TupleExpression ? call.arguments.expressions : []
            arguments.findAll { it instanceof ClosureExpression }.each { look(it.code) }
        }
    }
}

// Not called Jenkinsfile, as the script itself is.
abstract class Whole extends Script {
    def pipeline(Closure body) {
        def whole = new Pipeline()
        Block.fill(body, whole)
        if (!whole.hasAgent) throw new Invalid("missing required section 'agent'")
        if (!whole.inner) throw new Invalid("missing required section 'stages'")
        def odd = Run.given - Run.declared
        if (odd) throw new Invalid("no such parameter: ${odd.join(', ')}")
        Run.within(Run.parameters.collectEntries { name, value -> [name, value.toString()] }) {
            if (whole.variables) Block.fill(whole.variables, new Variables())
            try { Stages.of(whole.inner).each { it.run() } } catch (Failed stopped) { Run.worsen(stopped.result) }
            finally {
                try { whole.after.run(Run.result) } catch (Failed failure) {
                    Run.worsen('FAILURE')
                    Run.say("post failed: $failure.message")
                }
            }
        }
        Run.say("Finished: ${Run.checking ? 'VALID' : Run.result}")
        System.exit(Run.result in ['SUCCESS', 'UNSTABLE'] ? 0 : 1)
    }
}

def words = args as List, file = new File(words.remove(0))
def folder = new File('.').canonicalFile
def environment = [BUILD_NUMBER: '1', JOB_NAME: 'board', BRANCH_NAME: 'main', CI: 'true', WORKSPACE: folder.path]
while (words) {
    def option = words.remove(0)
    if (option == '--check') { Run.checking = true; continue }
    if (option == '--refuse') { Run.refusing = true; continue }
    def (name, value) = words.remove(0).split('=', 2) as List
    switch (option) {
        case '-p': Run.parameters[name] = value; Run.given << name; break
        case '-e': environment[name] = value; break
        case '-c': Run.credentials[name] = value; break
        default: throw new IllegalArgumentException(option)
    }
}
Run.folder.set(folder)
Run.environment.set(environment)
def settings = new CompilerConfiguration(scriptBaseClass: 'Whole')
settings.addCompilationCustomizers(new CallsOnly())
try {
    new GroovyShell(getClass().classLoader, new Binding(), settings).evaluate(file)
    throw new Invalid('no pipeline { }')
} catch (Invalid | CompilationFailedException error) {
    println "INVALID $file.name: $error.message"
    System.exit(2)
}
